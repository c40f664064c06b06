//! Events on their way to whoever listens.

use stackctl_model::Event;
use tokio::sync::mpsc::UnboundedSender;

/// Tells an event.
pub(crate) fn tell(events: &UnboundedSender<Event>, event: Event) {
    // Whoever listened may be gone; the run goes on.
    let _ = events.send(event);
}
