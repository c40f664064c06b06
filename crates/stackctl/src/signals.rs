//! SIGINT and SIGTERM: the first stops cleanly, the second at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use stackctl_engine::CancelToken;
use tokio::signal::unix::{SignalKind, signal};

use crate::exit::Exit;

/// Which signal stopped the run, if one did.
#[derive(Clone, Default)]
pub(crate) struct Stopped(Arc<AtomicU8>);

impl Stopped {
    /// The exit code of the signal that came first.
    pub(crate) fn exit(&self) -> Option<Exit> {
        match self.0.load(Ordering::Relaxed) {
            0 => None,
            143 => Some(Exit::Terminated),
            _ => Some(Exit::Interrupted),
        }
    }
}

/// Listens until the runtime ends.
pub(crate) fn listen(cancel: &CancelToken) -> std::io::Result<Stopped> {
    let stopped = Stopped::default();
    for (kind, code) in [(SignalKind::interrupt(), 130), (SignalKind::terminate(), 143)] {
        let mut stream = signal(kind)?;
        let (cancel, stopped) = (cancel.clone(), stopped.clone());
        tokio::spawn(async move {
            while stream.recv().await.is_some() {
                let _ = stopped.0.compare_exchange(0, code, Ordering::Relaxed, Ordering::Relaxed);
                cancel.cancel();
            }
        });
    }
    Ok(stopped)
}
