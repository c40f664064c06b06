//! What workloads are given: settings, keys and identities.

use super::readiness::ready_condition;
use super::rules::{Data, Holding, KindRules, Waiting};

const EXTERNAL_SECRETS: &str = "external-secrets.io";

pub(super) const KINDS: &[KindRules] = &[
    KindRules::plain("", "ConfigMap"),
    KindRules { data: Data::Always(Holding::KeyToData), ..KindRules::plain("", "Secret") },
    KindRules::plain("", "ServiceAccount"),
    KindRules::plain("coordination.k8s.io", "Lease"),
    // Its Secret goes with it (`creationPolicy: Owner`), and a generator's value is nowhere else.
    // Source: External Secrets Operator, "Lifecycle".
    KindRules {
        data: Data::Always(Holding::KeyToData),
        readiness: Waiting::until(ready_condition),
        ..KindRules::plain(EXTERNAL_SECRETS, "ExternalSecret")
    },
    KindRules::plain(EXTERNAL_SECRETS, "SecretStore"),
    KindRules::plain(EXTERNAL_SECRETS, "ClusterSecretStore"),
];
