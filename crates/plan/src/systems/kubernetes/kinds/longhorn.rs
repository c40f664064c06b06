//! Longhorn: volumes and their copies are data; when they are copied is not.

use stackctl_model::Risk;

use super::rules::{Data, Holding, KindRules, Removal, ReplaceRule};

const LONGHORN: &str = "longhorn.io";

pub(super) const KINDS: &[KindRules] = &[
    KindRules::plain(LONGHORN, "RecurringJob"),
    KindRules { removal: Removal::Foundation, ..holds_data("Volume") },
    holds_data("Snapshot"),
    // Deleting it deletes the copy in the backup target.
    holds_data("Backup"),
    holds_data("BackupVolume"),
    KindRules { removal: Removal::Foundation, ..holds_data("BackingImage") },
];

const fn holds_data(kind: &'static str) -> KindRules {
    KindRules {
        data: Data::Always(Holding::Data),
        replacement: ReplaceRule::always(
            Risk::Data,
            "deleted and made anew: what is on it is lost",
        ),
        ..KindRules::plain(LONGHORN, kind)
    }
}
