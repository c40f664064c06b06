//! What is done to live objects of the stack that are no longer desired: deleted, or, when they hold data,
//! kept and retired.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use stackctl_model::{Action, Cost, Deletion, GroupVersionKind, Mark, Operation, ResourceId};

use crate::systems::kubernetes::kinds::{Removal, rules_of_id, rules_of_object};
use crate::systems::kubernetes::mark::{Objects, app_of};
use crate::systems::kubernetes::node_object::{is_node, release_patch};
use crate::systems::kubernetes::retire;
use crate::{Planner, action};

/// Actions for what is live and marked, but not desired.
pub(crate) fn actions(planner: &Planner, gone: &Objects<'_>) -> Vec<Action> {
    let retiring = retire::retiring_apps(planner, gone);
    gone.iter().filter_map(|(id, object)| action(planner, id, object, &retiring)).collect()
}

fn action(
    planner: &Planner,
    id: &ResourceId,
    object: &Value,
    retiring: &BTreeSet<&str>,
) -> Option<Action> {
    let kind = GroupVersionKind::of(object)?;
    let uid = object["metadata"]["uid"].as_str().map(str::to_owned);
    let (mut cost, mut effects) = (Cost::Nothing, Vec::new());
    let operation = if is_node(id) {
        effects.push("Its labels and taints of this stack are taken off.".to_owned());
        Operation::Release(Mark { kind, uid, patch: release_patch(object) })
    } else if let Some(effect) = retire::kept_because(planner, id, object, retiring) {
        effects.push(effect.to_owned());
        let patch = retire::retiring_patch(&planner.mark, object);
        Operation::Retire(Mark { kind, uid, patch })
    } else {
        cost = Cost::from(rules_of_object(object).removal_risk(object));
        Operation::Delete(Deletion { kind, uid, retirement: None })
    };
    let action = action::unasked(id, operation, planner.scope.goal.why_gone().to_owned());
    Some(Action { app: app_of(object).map(str::to_owned), cost, effects, ..action })
}

/// Dependents go before what they depend on.
pub(crate) fn order(actions: &mut [Action]) {
    let removal = |id: &ResourceId| id.as_object().map(|_| rules_of_id(id).removal);
    let mut by_removal: BTreeMap<Removal, BTreeSet<ResourceId>> = BTreeMap::new();
    for id in actions.iter().map(|action| &action.id) {
        if let Some(removal) = removal(id) {
            by_removal.entry(removal).or_default().insert(id.clone());
        }
    }
    for action in actions {
        let Some(removal) = removal(&action.id) else { continue };
        if let Some((_, before)) = by_removal.range(..removal).next_back() {
            action.after.clone_from(before);
        }
    }
}
