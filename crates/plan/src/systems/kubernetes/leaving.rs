//! What is done to objects that are live and no longer asked for.

use stackctl_model::{Action, Live};

use super::mark::{Objects, app_of};
use super::{prune, retire};
use crate::Planner;

/// The live objects that the stack no longer asks for; where the plan is about what was retired, those.
pub(crate) fn gone<'l>(planner: &Planner, live: &'l Live) -> Objects<'l> {
    let mut objects: Objects<'l> = live.cluster.objects.iter().collect();
    objects.retain(|id, object| {
        if planner.scope.goal.is_about_retired() {
            planner.is_meant(id, app_of(object))
        } else {
            planner.is_gone(id, app_of(object)) && planner.mark.is_on(object)
        }
    });
    objects
}

/// What is done to each.
pub(crate) fn leaving(planner: &Planner, gone: &Objects<'_>) -> Vec<Action> {
    if planner.scope.goal.is_about_retired() {
        retire::actions(planner, gone)
    } else {
        prune::actions(planner, gone)
    }
}

/// What comes before what, of all that leaves.
pub(crate) fn order_leaving(planner: &Planner, leaving: &mut [Action]) {
    // What was retired needs nothing of each other any more.
    if !planner.scope.goal.is_about_retired() {
        prune::order(leaving);
    }
}
