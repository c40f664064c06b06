//! `CloudNativePG`: a cluster's volumes go with it, and so do the databases in it.

use serde_json::Value;
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
    KindRules {
        data: Data::OfObject(backups_it_owns),
        removal: Removal::Front,
        ..KindRules::plain(DATABASES, "ScheduledBackup")
    },
    KindRules { removal: Removal::Workload, ..KindRules::plain(DATABASES, "Pooler") },
];

/// Backups that a schedule owns go with it.
/// Source: `CloudNativePG`, "Scheduled backups", `backupOwnerReference`.
fn backups_it_owns(schedule: &Value) -> Holding {
    if schedule["spec"]["backupOwnerReference"] == "self" {
        Holding::Data
    } else {
        Holding::Nothing
    }
}

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
