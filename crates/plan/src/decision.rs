//! What is decided about one resource.

use stackctl_model::Action;

/// What is decided about one resource.
pub(crate) enum Decision {
    Act(Box<Action>),
    /// No target manages it.
    Leave {
        code: &'static str,
        reason: String,
    },
    /// A person has to do something about it.
    Finding {
        code: &'static str,
        reason: String,
    },
    Nothing,
}

impl Decision {
    /// No target can manage it yet, or was asked to.
    pub(crate) fn unmanaged(reason: impl Into<String>) -> Self {
        Self::Leave { code: "not-managed", reason: reason.into() }
    }
}
