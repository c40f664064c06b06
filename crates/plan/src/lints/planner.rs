//! Lints that the planner says while it decides, since whether something is wrong and what is done about it
//! are one decision there. Here are their names and what people read of them.

use stackctl_model::Severity;

use super::lint::{Check, Doc, Lint, Needs};

/// A class that Longhorn's own chart keeps.
pub(crate) const LONGHORNS_OWN_CLASS: Lint = Lint {
    code: "longhorns-own-class",
    severity: Severity::Note,
    check: Check::Planner(Needs::Cluster),
    doc: Doc {
        wrong: "A storage class of the stack has the name of one that Longhorn's own chart keeps.",
        why: "Longhorn makes it anew whenever it differs, so a write would be undone.",
        example: "",
        mend: "Set `persistence.defaultClassReplicaCount` in the chart's values, or give the class another name.",
        source: "",
    },
};

/// A Node object that the cluster lacks.
pub(crate) const NODE_MISSING: Lint = Lint {
    code: "node-missing",
    severity: Severity::Error,
    check: Check::Planner(Needs::Cluster),
    doc: Doc {
        wrong: "The cluster has no node of that name.",
        why: "Its labels and taints are not set, and apps that need them are not placed.",
        example: "",
        mend: "`kubectl get nodes` shows those it has; name the block as one of them, or let the machine join.",
        source: "",
    },
};

/// A machine that must be on and cannot be reached.
pub(crate) const NODE_UNREACHABLE: Lint = setting(
    "node-unreachable",
    "A machine of the stack cannot be reached.",
    "Nothing on it can be looked at or changed.",
    "Switch it on or mend the way to it; `optional=#true` defers it while it is off.",
);

pub(crate) const NODE_GPU: Lint = setting(
    "node-gpu",
    "A machine does not have the GPU that the stack says it offers.",
    "Apps that ask for it are placed there and do not start.",
    "Load its driver, name the right device, or take the line out.",
);

pub(crate) const NODE_KERNEL_MODULE: Lint = setting(
    "node-kernel-module",
    "A kernel module cannot be loaded on a machine.",
    "What needs it fails there.",
    "The message says what is in its way.",
);

pub(crate) const NODE_MOUNT: Lint = setting(
    "node-mount",
    "A file system that the stack counts on is not mounted on a machine, or another one is.",
    "Apps would write to the wrong disk.",
    "Mount it there, in /etc/fstab; stackctl mounts nothing by itself.",
);

pub(crate) const NODE_MULTIPATH: Lint = setting(
    "node-multipath",
    "multipathd of a machine may grab Longhorn's disks.",
    "Volumes then cannot be attached there.",
    "Add `blacklist { devnode \"^sd[a-z0-9]+\" }` to /etc/multipath.conf there, or stop it.",
);

pub(crate) const NODE_PACKAGE: Lint = setting(
    "node-package",
    "A package that the stack counts on is not on a machine, and may not be installed.",
    "What needs its programs fails there.",
    "Install it, or allow that: `install=#true`.",
);

pub(crate) const NODE_SERVICE: Lint = setting(
    "node-service",
    "A service that the stack counts on does not run on a machine and cannot be started.",
    "What needs it fails there.",
    "The message says what is in its way.",
);

pub(crate) const NODE_SYSCTL: Lint = setting(
    "node-sysctl",
    "A kernel setting of a machine is set by another file, too, or cannot be set.",
    "After a restart the other value may hold.",
    "The message names the file; take the line out there.",
);

/// A lint about a setting of a machine, which a person has to mend.
const fn setting(
    code: &'static str,
    wrong: &'static str,
    why: &'static str,
    mend: &'static str,
) -> Lint {
    Lint {
        code,
        severity: Severity::Error,
        check: Check::Planner(Needs::Machines),
        doc: Doc { wrong, why, example: "", mend, source: "" },
    }
}
