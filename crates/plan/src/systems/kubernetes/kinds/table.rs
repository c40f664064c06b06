//! The table: every row, found by group and kind.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde_json::Value;
use stackctl_model::{GroupVersionKind, ResourceId};

use super::readiness::{Readiness, ReadinessContext};
use super::rules::{KindRules, Waiting};
use super::{
    access, batch, certificate, claim, cluster, config, database, definition, gateway, longhorn,
    monitoring, network, policy, storage, unknown, workload,
};

/// The families, each a file.
const FAMILIES: &[&[KindRules]] = &[
    access::KINDS,
    batch::KINDS,
    certificate::KINDS,
    claim::KINDS,
    cluster::KINDS,
    config::KINDS,
    database::KINDS,
    definition::KINDS,
    gateway::KINDS,
    longhorn::KINDS,
    monitoring::KINDS,
    network::KINDS,
    policy::KINDS,
    storage::KINDS,
    workload::KINDS,
];

static TABLE: LazyLock<BTreeMap<(&str, &str), &KindRules>> =
    LazyLock::new(|| kinds().map(|row| ((row.group, row.kind), row)).collect());

/// Every row.
pub fn kinds() -> impl Iterator<Item = &'static KindRules> {
    FAMILIES.iter().copied().flatten()
}

/// Whether a kind has a row.
pub fn is_known(group: &str, kind: &str) -> bool {
    TABLE.contains_key(&(group, kind))
}

/// What is known of a kind; for one without a row, what is assumed of it.
pub fn rules(group: &str, kind: &str) -> &'static KindRules {
    TABLE.get(&(group, kind)).copied().unwrap_or(&unknown::RULES)
}

/// The same for an object.
pub(crate) fn rules_of_object(object: &Value) -> &'static KindRules {
    GroupVersionKind::of(object).map_or(&unknown::RULES, |kind| rules(&kind.group, &kind.kind))
}

/// The same for a resource; what is no object is of no known kind.
pub(crate) fn rules_of_id(id: &ResourceId) -> &'static KindRules {
    id.as_object().map_or(&unknown::RULES, |id| rules(&id.group, &id.kind))
}

/// How far an object is, as the server returned it.
pub fn readiness(object: &Value, context: ReadinessContext) -> Readiness {
    match rules_of_object(object).readiness {
        Waiting::None => Readiness::Ready,
        Waiting::Until { readiness, .. } => readiness(object, context),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use stackctl_model::KNOWN_KINDS;

    use super::*;

    #[test]
    fn a_kind_has_one_row_and_one_scope() {
        let rows: Vec<(&str, &str)> = kinds().map(|row| (row.group, row.kind)).collect();
        let ruled: BTreeSet<(&str, &str)> = rows.iter().copied().collect();
        let scoped: BTreeSet<(&str, &str)> =
            KNOWN_KINDS.iter().map(|known| (known.group, known.kind)).collect();
        assert_eq!((rows.len(), KNOWN_KINDS.len()), (ruled.len(), scoped.len()), "one row each");
        let beyond: Vec<_> = ruled.symmetric_difference(&scoped).collect();
        assert!(beyond.is_empty(), "a row here and a line in model/src/kinds.rs each: {beyond:?}");
    }

    #[test]
    fn a_kind_of_the_same_name_in_another_group_is_another() {
        assert!(is_known("apps", "Deployment"));
        assert!(!is_known("example.com", "Deployment"));
        assert!(!is_known("serving.knative.dev", "Service"));
    }
}
