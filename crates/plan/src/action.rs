//! Where actions come into being: a resource or an id, an operation and a reason go in, an action that is
//! complete but for its order comes out.

use std::collections::BTreeSet;

use stackctl_model::{Action, ActionKind, Cost, Operation, Outlook, Resource, ResourceId, Summary};

/// An action on what the stack asks for.
pub(crate) fn wanted(resource: &Resource, operation: Operation, reason: String) -> Action {
    Action {
        app: resource.app.clone(),
        source: Some(resource.origin.clone()),
        ..unasked(&resource.id, operation, reason)
    }
}

/// An action on what is in no file.
pub(crate) fn unasked(id: &ResourceId, operation: Operation, reason: String) -> Action {
    Action {
        id: id.clone(),
        operation,
        reason,
        cost: Cost::Nothing,
        effects: Vec::new(),
        app: None,
        source: None,
        after: BTreeSet::new(),
        changes: Vec::new(),
        outlook: Outlook::Confirmed,
    }
}

/// How many of each kind there are. What no action is for is not counted.
pub(crate) fn summary(kinds: impl Iterator<Item = ActionKind>) -> Summary {
    let mut summary = Summary::default();
    for kind in kinds {
        match kind {
            ActionKind::Create => summary.create += 1,
            ActionKind::Update => summary.update += 1,
            ActionKind::Replace => summary.replace += 1,
            ActionKind::Delete => summary.delete += 1,
            ActionKind::Adopt => summary.adopt += 1,
            ActionKind::Retire => summary.retire += 1,
            ActionKind::Deferred => summary.deferred += 1,
            ActionKind::Wait => {}
        }
    }
    summary
}
