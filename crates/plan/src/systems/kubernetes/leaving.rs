//! What is done to objects that are live and no longer asked for.

use stackctl_model::{Action, Live};

use super::mark::{Objects, app_of};
use super::{prune, retire};
use crate::Prepared;

/// The live objects that the stack no longer asks for; where the plan is about what was retired, those.
pub(crate) fn gone<'l>(prepared: &Prepared, live: &'l Live) -> Objects<'l> {
    let mut objects: Objects<'l> = live.cluster.objects.iter().collect();
    objects.retain(|id, object| {
        if prepared.goal.is_about_retired() {
            prepared.is_meant(id, app_of(object))
        } else {
            prepared.is_gone(id, app_of(object)) && prepared.mark.is_on(object)
        }
    });
    objects
}

/// What is done to each.
pub(crate) fn leaving(prepared: &Prepared, gone: &Objects<'_>) -> Vec<Action> {
    if prepared.goal.is_about_retired() {
        retire::actions(prepared, gone)
    } else {
        prune::actions(prepared, gone)
    }
}

/// What comes before what, of all that leaves.
pub(crate) fn order_leaving(prepared: &Prepared, leaving: &mut [Action]) {
    // What was retired needs nothing of each other any more.
    if !prepared.goal.is_about_retired() {
        prune::order(leaving);
    }
}
