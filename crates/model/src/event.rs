//! What happens while a plan is carried out; every screen and log is a view of these.

use std::time::Duration;

use serde::Serialize;

use crate::{ActionKind, ResourceId};

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum Event {
    /// The run begins.
    Started {
        /// How many actions it has.
        actions: usize,
    },
    /// Another apply of the stack holds its lock; this one waits.
    WaitingForLock {
        /// Who holds it, and since when.
        message: String,
    },
    /// The lock was taken by somebody else; nothing new is begun.
    LockLost {
        /// By whom.
        message: String,
    },
    /// An action begins to write.
    ActionStarted {
        /// Its resource.
        id: ResourceId,
        /// What it does.
        action: ActionKind,
    },
    /// Written; now its readiness is awaited.
    Waiting {
        /// Its resource.
        id: ResourceId,
        /// What is missing, in words.
        missing: String,
    },
    /// A request failed in a way that may pass.
    Retrying {
        /// Its resource.
        id: ResourceId,
        /// From 1.
        attempt: u32,
        /// Pause before it, in milliseconds.
        pause: u64,
        /// What went wrong.
        cause: String,
    },
    /// An action ended.
    ActionEnded {
        /// Its resource.
        id: ResourceId,
        /// What it did.
        action: ActionKind,
        /// How it ended.
        outcome: Outcome,
        /// How long it took, in milliseconds.
        elapsed: u64,
    },
    /// No new action is begun; those in flight finish.
    Stopping,
    /// The run is over.
    Finished {
        /// What became of it.
        report: Report,
    },
}

/// How an action ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "outcome", rename_all = "kebab-case")]
pub enum Outcome {
    /// Written and ready.
    Done,
    /// Refused or failed; nothing of it was written, unless the failure says so.
    Failed {
        /// Why.
        failure: ActionFailure,
    },
    /// Written, but not ready in time.
    TimedOut {
        /// What is still missing.
        missing: String,
    },
    /// Not begun, because of another that did not end well.
    Skipped {
        /// The other.
        because: ResourceId,
    },
    /// Left for a later run: its machine may be off, and is.
    Deferred {
        /// Why it could not be reached.
        reason: String,
    },
    /// Not begun, because the run was stopped.
    Cancelled,
}

/// Why an action failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ActionFailure {
    /// What happened and what was not changed.
    pub message: String,
    /// What to do next.
    pub hint: Option<String>,
    /// Which exit code it asks for.
    pub class: FailureClass,
}

/// Failures that have an exit code of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum FailureClass {
    /// The target refused it or something else went wrong.
    Other,
    /// Another manager owns a field.
    Conflict,
    /// The target cannot be reached or refuses the credentials.
    Unreachable,
    /// Another run holds the target's lock.
    Locked,
    /// What is there is no longer what was planned for.
    Moved,
}

/// What became of a run.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Report {
    /// Ended well.
    pub done: Vec<ResourceId>,
    /// Failed, with why.
    pub failed: Vec<(ResourceId, ActionFailure)>,
    /// Written but not ready in time, with what is missing.
    #[serde(rename = "timedOut")]
    pub timed_out: Vec<(ResourceId, String)>,
    /// Not begun because of another.
    pub skipped: Vec<(ResourceId, ResourceId)>,
    /// Not begun because the run was stopped.
    pub cancelled: Vec<ResourceId>,
    /// Left for a later run, with why.
    pub deferred: Vec<(ResourceId, String)>,
    /// How long it took.
    #[serde(skip)]
    pub elapsed: Duration,
}

impl Report {
    /// Whether everything ended well.
    pub fn is_complete(&self) -> bool {
        self.failed.is_empty()
            && self.timed_out.is_empty()
            && self.skipped.is_empty()
            && self.cancelled.is_empty()
            && self.deferred.is_empty()
    }
}
