//! A machine that the next apply changes.

use stackctl_model::{Finding, Operation, Severity};

use super::lint::{Check, Doc, Lint, Seen, about};

pub(super) const LINT: Lint = Lint {
    code: "not-as-asked",
    severity: Severity::Warning,
    check: Check::Machines(check),
    doc: Doc {
        wrong: "A machine is not set up as the stack asks.",
        why: "What runs there may fail until it is.",
        example: "",
        mend: "`stackctl apply` mends it.",
        source: "",
    },
};

fn check(seen: &Seen<'_>) -> Vec<Finding> {
    let actions = seen.plan.actions.iter();
    let written = actions.filter(|action| {
        matches!(action.operation, Operation::OnMachine(_)) && action.objection().is_none()
    });
    written
        .map(|action| about(action, &LINT, &action.reason).help("stackctl apply mends it"))
        .collect()
}
