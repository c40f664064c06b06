//! Authentik: nothing in it is managed yet.

use stackctl_model::{Live, Question, Resource, System};

use crate::Planner;
use crate::decision::Decision;

/// It is asked once, where the stack has anything for it.
pub(crate) fn question(planner: &Planner, live: &Live) -> Option<Question> {
    let is_open = live.authentik.is_none() && planner.has_any(System::Authentik);
    is_open.then_some(Question::Authentik)
}

/// Nothing is done about it.
pub(crate) fn decide(_resource: &Resource) -> Decision {
    Decision::unmanaged("Authentik is not managed yet")
}
