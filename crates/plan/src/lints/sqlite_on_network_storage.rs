//! A database whose locks the storage does not keep.

use stackctl_model::{AppVolume, Declared, Finding, Holds, Severity};

use super::lint::{Check, Doc, Lint};

pub(super) const LINT: Lint = Lint {
    code: "sqlite-on-network-storage",
    severity: Severity::Warning,
    check: Check::Stack(check),
    doc: Doc {
        wrong: "An app keeps an SQLite database in a volume that lies on NFS: an export (`nfs=`), or a volume \
                that several nodes may mount (`access=ReadWriteMany`, which Longhorn serves over NFS).",
        why: "SQLite relies on locks and on shared memory that NFS does not keep: the app crashes, says that its \
              database is locked, or loses it.",
        example: "app sonarr { volume config \"10Gi\" access=ReadWriteMany; }",
        mend: "Keep such a volume on storage that one node mounts: leave `access=` out, which is ReadWriteOnce, \
               and take a class instead of an export. Media may stay on NFS; only the database may not.",
        source: "https://github.com/martinohmann/home-ops/issues/321, https://www.sqlite.org/faq.html#q5",
    },
};

fn check(declared: &Declared) -> Vec<Finding> {
    declared.volumes.iter().filter_map(finding).collect()
}

fn finding(volume: &AppVolume) -> Option<Finding> {
    match volume.holds? {
        Holds::Sqlite => {}
    }
    let AppVolume { app, name, .. } = volume;
    let shared = volume.access.as_ref().filter(|access| access.text == "ReadWriteMany");
    let (at, why, help) = match (&volume.nfs, shared) {
        (Some(nfs), _) => {
            (&nfs.at, "an NFS export", "Give it a size and a class instead of an export.")
        }
        (None, Some(access)) => (
            &access.at,
            "storage that several nodes mount, over NFS",
            "Leave access= out: ReadWriteOnce is what a database needs.",
        ),
        (None, None) => return None,
    };
    let message = format!(
        "app {app} keeps an SQLite database in its volume {name}, which is {why}: its locks do not hold there"
    );
    Some(Finding::warning(LINT.code, message, at).help(help))
}
