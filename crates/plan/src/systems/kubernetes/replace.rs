//! Objects whose changes the server does not take in place: how they are made anew, and what that costs.

use std::collections::BTreeSet;

use stackctl_model::{
    Action, Change, Cost, Live, Operation, Replacement, Resource, ResourceId, Seen,
};

use crate::action;
use crate::systems::kubernetes::difference::Difference;
use crate::systems::kubernetes::kinds::rules_of_id;

/// Whether any of these cannot be changed in place.
pub(crate) fn replaces(id: &ResourceId, changes: &[Change]) -> bool {
    let immutable = rules_of_id(id).immutable;
    changes.iter().any(|change| immutable.has(&change.path))
}

/// The action that makes an object anew, and what that costs.
pub(crate) fn replace(
    resource: &Resource,
    difference: Difference,
    seen: Seen,
    live: &Live,
) -> Action {
    let rules = rules_of_id(&resource.id);
    let changes = difference.changes.iter();
    let immutable: BTreeSet<String> = changes
        .filter(|change| rules.immutable.has(&change.path))
        .map(|change| change.path.to_string())
        .collect();
    let paths: Vec<String> = immutable.into_iter().collect();
    let reason = format!("{}: immutable", paths.join(", "));
    let replacement =
        Replacement { object: difference.object, dependents: rules.replacement.dependents, seen };
    let mut action = action::wanted(resource, Operation::Replace(replacement), reason);
    action.cost = Cost::from(rules.replacement.risk);
    let id = resource.id.as_object();
    action.effects.extend(id.map(|id| rules.replacement.effect.words(id, live)));
    action.changes = difference.changes;
    action
}
