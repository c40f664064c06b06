//! What the stack builds on and the cluster lacks.

use std::collections::{BTreeMap, BTreeSet};

use stackctl_model::{Desired, Finding, Resource, ResourceId, Severity};

use crate::systems::kubernetes::kinds::rules_of_id;

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
    seen.missing.iter().map(finding).collect()
}

/// What the stack builds on and does not make itself, each with the first resource that names it.
pub fn foundations(resources: &[Resource]) -> BTreeMap<ResourceId, &Resource> {
    let made: BTreeSet<&ResourceId> = resources.iter().map(|resource| &resource.id).collect();
    let mut needed = BTreeMap::new();
    for resource in resources {
        let Desired::Object(object) = &resource.desired else { continue };
        let foundation = rules_of_id(&resource.id).foundation;
        if let Some(id) = foundation(&object.value).filter(|id| !made.contains(id)) {
            needed.entry(id).or_insert(resource);
        }
    }
    needed
}
