//! What a target remembers of each apply.

use serde::{Deserialize, Serialize};

use crate::{GenerationGoal, Summary};

/// Who runs an apply, from where.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Holder {
    /// `ola@nuc`.
    pub who: String,
    /// The address of the CI run, or empty.
    pub run: String,
    /// The process and the boot it belongs to, as only its own machine can judge; empty elsewhere.
    pub process: String,
    /// Its number there.
    pub pid: u32,
}

impl std::fmt::Display for Holder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} (process {}", self.who, self.pid)?;
        if !self.run.is_empty() {
            write!(f, ", {}", self.run)?;
        }
        f.write_str(")")
    }
}

/// One apply, as its target remembers it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Generation {
    /// From 1, never used twice.
    pub number: u64,
    /// What it is for.
    pub goal: GenerationGoal,
    /// Who ran it.
    pub holder: Holder,
    /// The commit of the stack's folder, as git calls it, or empty.
    pub source: String,
    /// When it began, RFC 3339 in UTC.
    pub begun: String,
    /// What it was to do.
    pub summary: Summary,
    /// What became of it.
    pub outcome: GenerationOutcome,
    /// The last line of its report; empty while it runs.
    pub report: String,
}

/// What became of an apply.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GenerationOutcome {
    /// It runs, or was killed.
    Unfinished,
    /// Everything was done.
    Done,
    /// Some of it was not.
    Partly,
    /// It was stopped.
    Stopped,
}

impl std::fmt::Display for GenerationOutcome {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Unfinished => "unfinished",
            Self::Done => "done",
            Self::Partly => "partly done",
            Self::Stopped => "stopped",
        })
    }
}
