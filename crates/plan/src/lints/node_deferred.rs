//! A machine that is off.

use std::collections::BTreeMap;

use stackctl_model::{Action, Finding, MachineId, ResourceId, Severity};

use super::lint::{Check, Doc, Lint, Seen, about};

pub(super) const LINT: Lint = Lint {
    code: "node-deferred",
    severity: Severity::Warning,
    check: Check::Machines(check),
    doc: Doc {
        wrong: "A machine that may be off (`optional=#true`) is off.",
        why: "What the stack asks of it is left for a later apply, and so is what needs that.",
        example: "",
        mend: "Switch it on and apply again.",
        source: "",
    },
};

/// One for each machine, however much is asked of it.
fn check(seen: &Seen<'_>) -> Vec<Finding> {
    let mut by_node: BTreeMap<&str, Finding> = BTreeMap::new();
    let is_deferred = |action: &&Action| action.operation.is_deferred();
    for action in seen.plan.actions.iter().filter(is_deferred) {
        let Some(MachineId { node, .. }) = action.id.as_machine() else { continue };
        by_node.entry(node).or_insert_with(|| {
            about(action, &LINT, &action.reason)
                .about(ResourceId::object("", "Node", None, node.clone()))
                .help("what is asked of it is done by an apply while it is on")
        });
    }
    by_node.into_values().collect()
}
