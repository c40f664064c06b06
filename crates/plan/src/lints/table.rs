//! Every lint, and which of them run where.

use stackctl_model::{Declared, Finding, Resource};

use super::lint::{Check, Lint, Seen};
use super::{
    foundation_missing, host_taken, inotify_crowded, no_listener, node_deferred, not_as_asked,
    over_budget, planner, refused, sqlite_on_network_storage, two_default_classes, unknown_gpu,
    unknown_kind,
};

/// Every lint, by what it needs.
pub static LINTS: [&Lint; 22] = [
    &host_taken::LINT,
    &no_listener::LINT,
    &unknown_gpu::LINT,
    &sqlite_on_network_storage::LINT,
    &over_budget::LINT,
    &two_default_classes::LINT,
    &foundation_missing::LINT,
    &unknown_kind::LINT,
    &refused::LINT,
    &planner::LONGHORNS_OWN_CLASS,
    &planner::NODE_MISSING,
    &not_as_asked::LINT,
    &inotify_crowded::LINT,
    &node_deferred::LINT,
    &planner::NODE_UNREACHABLE,
    &planner::NODE_GPU,
    &planner::NODE_KERNEL_MODULE,
    &planner::NODE_MOUNT,
    &planner::NODE_MULTIPATH,
    &planner::NODE_PACKAGE,
    &planner::NODE_SERVICE,
    &planner::NODE_SYSCTL,
];

/// The lint of a code.
pub fn lint(code: &str) -> Option<&'static Lint> {
    LINTS.iter().copied().find(|lint| lint.code == code)
}

/// What is wrong with a stack, without looking at anything else.
pub fn check(declared: &Declared, resources: &[Resource]) -> Vec<Finding> {
    let run = |lint: &&Lint| match lint.check {
        Check::Stack(check) => check(declared),
        Check::Objects(check) => check(declared, resources),
        Check::Cluster(_) | Check::Machines(_) | Check::Planner(_) => Vec::new(),
    };
    LINTS.iter().flat_map(run).collect()
}

/// What is wrong with what was seen.
pub(crate) fn look(seen: &Seen<'_>) -> Vec<Finding> {
    let run = |lint: &&Lint| match lint.check {
        Check::Cluster(check) | Check::Machines(check) => check(seen),
        Check::Stack(_) | Check::Objects(_) | Check::Planner(_) => Vec::new(),
    };
    LINTS.iter().flat_map(run).collect()
}
