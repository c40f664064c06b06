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
