//! Settings inside apps: none is managed yet.

use stackctl_model::{Live, Question, Resource, System};

use crate::Planner;
use crate::decision::Decision;

/// They are asked once, where the stack has any such setting.
pub(crate) fn question(planner: &Planner, live: &Live) -> Option<Question> {
    let is_open = live.apps.is_none() && planner.has_any(System::App);
    is_open.then_some(Question::App)
}

/// Nothing is done about it.
pub(crate) fn decide(_resource: &Resource) -> Decision {
    Decision::unmanaged("settings inside apps are not managed yet")
}
