//! A kind that neither the cluster knows nor the stack defines.

use std::collections::BTreeSet;

use stackctl_model::{Finding, GroupVersionKind, Severity};

use super::lint::{Check, Doc, Lint, Seen};

pub(super) const LINT: Lint = Lint {
    code: "unknown-kind",
    severity: Severity::Error,
    check: Check::Cluster(check),
    doc: Doc {
        wrong: "The stack has objects of a kind that the cluster does not know and the stack does not define.",
        why: "They cannot be written, and whatever needs them is not written either.",
        example: "",
        mend: "Install what defines it first, such as an operator or the CRDs of Gateway API.",
        source: "",
    },
};

fn check(seen: &Seen<'_>) -> Vec<Finding> {
    let defined: BTreeSet<&str> = seen
        .resources
        .iter()
        .filter_map(|resource| resource.id.as_object())
        .filter(|id| id.kind == "CustomResourceDefinition")
        .filter_map(|id| Some(id.name.split_once('.')?.1))
        .collect();
    let finding = |kind: &GroupVersionKind| {
        let first = seen.resources.iter().find(|one| one.id.is_kind(&kind.group, &kind.kind))?;
        let message = format!("the cluster does not know {kind}");
        Some(
            Finding::error(LINT.code, message, first.origin.clone())
                .about(first.id.clone())
                .help("install what defines it first"),
        )
    };
    let unknown = seen.live.cluster.unknown_kinds.iter();
    unknown.filter(|kind| !defined.contains(kind.group.as_str())).filter_map(finding).collect()
}
