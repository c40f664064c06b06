//! Objects whose changes the server does not take in place: how they are made anew, and what that costs.

use std::collections::BTreeSet;

use stackctl_model::{
    Action, Change, Cost, FieldPath, Live, Object, Operation, Replacement, Resource, ResourceId,
    Seen,
};

use crate::action;
use crate::systems::kubernetes::kinds::rules_of_id;

/// Whether any of these fields cannot be changed in place.
pub(crate) fn replaces<'c>(
    id: &ResourceId,
    mut changes: impl Iterator<Item = &'c FieldPath>,
) -> bool {
    let immutable = rules_of_id(id).immutable;
    changes.any(|path| immutable.has(path))
}

/// The action that makes an object anew, and what that costs.
pub(crate) fn replace(
    resource: &Resource,
    object: Object,
    changes: Vec<Change>,
    seen: Seen,
    live: &Live,
) -> Action {
    let rules = rules_of_id(&resource.id);
    let immutable: BTreeSet<String> = changes
        .iter()
        .filter(|change| rules.immutable.has(&change.path))
        .map(|change| change.path.to_string())
        .collect();
    let paths: Vec<String> = immutable.into_iter().collect();
    let reason = format!("{}: immutable", paths.join(", "));
    let replacement = Replacement { object, dependents: rules.replacement.dependents, seen };
    let mut action = action::wanted(resource, Operation::Replace(replacement), reason);
    action.cost = Cost::from(rules.replacement.risk);
    let id = resource.id.as_object();
    action.effects.extend(id.map(|id| rules.replacement.effect.words(id, live)));
    action.changes = changes;
    action
}
