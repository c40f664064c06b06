//! What the tool knows to be wrong beyond what a declaration can check: one file for each lint, one table
//! for all. A lint says what it needs, so that `check` and `plan` run those about the stack, and `doctor`
//! those about what is live as well.

mod explained;
mod foundation_missing;
mod host_taken;
mod inotify_crowded;
mod lint;
mod no_listener;
mod node_deferred;
mod not_as_asked;
mod over_budget;
mod planner;
mod refused;
mod silence;
mod sqlite_on_network_storage;
mod table;
mod two_default_classes;
mod unknown_gpu;
mod unknown_kind;

pub use lint::{Check, Doc, Lint, Needs, Seen};

pub use table::{LINTS, check, lint};

pub(crate) use table::look;

pub use explained::{explained, reference};

pub use silence::{Judged, judge, misspelled};

pub(crate) use inotify_crowded::limit as inotify_limit;

pub(crate) use planner::{
    LONGHORNS_OWN_CLASS, NODE_GPU, NODE_KERNEL_MODULE, NODE_MISSING, NODE_MOUNT, NODE_MULTIPATH,
    NODE_PACKAGE, NODE_SERVICE, NODE_SYSCTL, NODE_UNREACHABLE,
};
