//! What would make a stack fail.

use serde::Serialize;

use crate::{Origin, ResourceId, Severity};

/// One thing that is wrong with a machine or the cluster, and what mends it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Symptom {
    /// An error fails an apply or an app; a warning may, or is mended by the next apply.
    pub severity: Severity,
    /// What it is about.
    pub id: ResourceId,
    /// What is wrong, as a sentence without a full stop.
    pub message: String,
    /// What to do.
    pub advice: String,
    /// The line that asks for it, or that mends it.
    pub source: Option<Origin>,
}

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
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Diagnosis {
    /// What is wrong, the worst first.
    pub symptoms: Vec<Symptom>,
    /// The use of inotify on each machine that was seen.
    pub inotify: Vec<InotifyBudget>,
}
