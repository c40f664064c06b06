//! `CloudNativePG`: a cluster's volumes go with it, and so do the databases in it.

use stackctl_model::Risk;

use super::readiness::ready_condition;
use super::rules::{Data, Holding, KindRules, Removal, ReplaceRule, Waiting};

const DATABASES: &str = "postgresql.cnpg.io";

pub(super) const KINDS: &[KindRules] = &[
    KindRules {
        removal: Removal::Claim,
        readiness: Waiting::until(ready_condition),
        ..holds_data("Cluster")
    },
    holds_data("Database"),
    holds_data("Backup"),
    KindRules { removal: Removal::Front, ..KindRules::plain(DATABASES, "ScheduledBackup") },
    KindRules { removal: Removal::Workload, ..KindRules::plain(DATABASES, "Pooler") },
];

const fn holds_data(kind: &'static str) -> KindRules {
    KindRules {
        data: Data::Always(Holding::Data),
        replacement: ReplaceRule::always(
            Risk::Data,
            "deleted and made anew: what is in it is lost",
        ),
        ..KindRules::plain(DATABASES, kind)
    }
}
