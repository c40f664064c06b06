//! What would make a stack fail.

use serde::Serialize;

use crate::Finding;

/// How much of a machine's inotify limits its greediest user has taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct InotifyBudget {
    /// The machine.
    pub node: String,
    /// The user, by number.
    pub uid: u32,
    /// Instances held.
    pub instances: u64,
    /// `fs.inotify.max_user_instances`.
    pub max_instances: u64,
    /// Watches held.
    pub watches: u64,
    /// `fs.inotify.max_user_watches`.
    pub max_watches: u64,
}

/// What a doctor found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diagnosis {
    /// What is wrong, the worst first. Each is about a resource.
    pub findings: Vec<Finding>,
    /// The use of inotify on each machine that was seen.
    pub inotify: Vec<InotifyBudget>,
}
