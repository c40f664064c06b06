//! What the stack builds on and the cluster lacks.

use stackctl_model::{Finding, Resource, ResourceId, Severity};

use crate::systems::kubernetes::foundations;

use super::lint::{Check, Doc, Lint, Seen};

pub(super) const LINT: Lint = Lint {
    code: "foundation-missing",
    severity: Severity::Error,
    check: Check::Cluster(check),
    doc: Doc {
        wrong: "The stack builds on a gateway class, a storage class, a CSI driver or a runtime class that the \
                cluster does not have.",
        why: "Objects are accepted all the same, and wait for it for ever.",
        example: "",
        mend: "Install what brings it, or name another that the cluster has.",
        source: "",
    },
};

fn check(seen: &Seen<'_>) -> Vec<Finding> {
    let finding = |(id, needs): (&ResourceId, &&Resource)| {
        let message = format!("the cluster has no {id}");
        Finding::error(LINT.code, message, needs.origin.clone())
            .about(needs.id.clone())
            .help("install what brings it, or name another that the cluster has")
    };
    let is_there = |id: &ResourceId| {
        id.as_object().is_some_and(|object| seen.live.cluster.present.contains(object))
    };
    let needed = foundations(seen.resources.iter());
    needed.iter().filter(|(id, _)| !is_there(id)).map(finding).collect()
}
