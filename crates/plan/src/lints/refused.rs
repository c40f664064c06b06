//! What the target already says against an action.

use stackctl_model::{Action, Finding, Held, Operation, Severity};

use super::lint::{Check, Doc, Lint, Seen, about};

pub(super) const LINT: Lint = Lint {
    code: "refused",
    severity: Severity::Error,
    check: Check::Cluster(check),
    doc: Doc {
        wrong: "The target refuses what the plan would write, when asked without writing.",
        why: "An apply would fail of it, after it had written other things.",
        example: "",
        mend: "The message says what the target has against it.",
        source: "",
    },
};

fn check(seen: &Seen<'_>) -> Vec<Finding> {
    seen.plan.actions.iter().filter_map(refused).collect()
}

fn refused(action: &Action) -> Option<Finding> {
    // Machines that are off or away are said once each, not once for each setting.
    if matches!(action.operation, Operation::Held(Held::Unreachable { .. } | Held::Deferred { .. }))
    {
        return None;
    }
    let why = action.objection()?;
    Some(about(action, &LINT, why).help("an apply of it fails until that is mended"))
}
