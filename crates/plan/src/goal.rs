//! What a plan is for.

use serde::{Deserialize, Serialize};

/// What the plan is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Goal {
    /// Make it as the stack says.
    Apply,
    /// Take down what the stack owns, keeping what holds data.
    Destroy,
    /// Delete for good what was retired and is named.
    Purge,
    /// Take back what was retired and is named.
    Undo,
}

impl Goal {
    /// Whether it is about what was retired, not about what the file asks for.
    pub fn is_about_retired(self) -> bool {
        match self {
            Self::Purge | Self::Undo => true,
            Self::Apply | Self::Destroy => false,
        }
    }

    /// Why what is owned and not asked for goes.
    pub(crate) fn why_gone(self) -> &'static str {
        match self {
            Self::Destroy => "the stack is destroyed",
            Self::Apply | Self::Purge | Self::Undo => "it is no longer in the stack",
        }
    }
}
