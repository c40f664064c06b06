//! What is done to objects that are live and no longer asked for.

use stackctl_model::{Action, Live};

use super::{prune, retire};
use crate::Prepared;

/// Actions for what leaves the stack; where the plan is about what was retired, for that.
pub(crate) fn leaving(prepared: &Prepared, live: &Live) -> Vec<Action> {
    if prepared.goal.is_about_retired() {
        retire::actions(prepared, live)
    } else {
        prune::actions(prepared, live)
    }
}
