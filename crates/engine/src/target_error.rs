//! Why a target did not do what it was asked.

use std::time::Duration;

use stackctl_model::FailureClass;

/// Why a target did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum TargetError {
    /// No answer, or the credentials are refused. Exit code 10.
    #[error("{message}")]
    Unreachable {
        /// What happened, in words, with where.
        message: String,
        /// What to do.
        hint: String,
    },
    /// May pass: 429, 502, 503, 504, a broken connection. Retried.
    #[error("{message}")]
    Transient {
        /// What happened.
        message: String,
        /// The pause the target asked for.
        retry_after: Option<Duration>,
    },
    /// Another manager owns a field. Exit code 7.
    #[error("{message}")]
    Conflict {
        /// Which fields, and whose.
        message: String,
    },
    /// Another run holds the target's lock. Exit code 6.
    #[error("{message}")]
    Locked {
        /// Who holds it, and where.
        message: String,
    },
    /// What is there is no longer what was planned for. Exit code 4.
    #[error("{message}")]
    Moved {
        /// What moved, and what was not changed.
        message: String,
    },
    /// The target will not do it; retrying would not help.
    #[error("{message}")]
    Refused {
        /// The target's reason.
        message: String,
        /// What to do, where that is known.
        hint: Option<String>,
    },
}

impl TargetError {
    /// What to do next, where that is known.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Unreachable { hint, .. } => Some(hint.clone()),
            Self::Refused { hint, .. } => hint.clone(),
            Self::Transient { .. } => Some("run the same command again".to_owned()),
            Self::Locked { .. } => Some(
                "wait for it (--lock-timeout 5m does), or take the lock with stackctl unlock if its holder will \
                 not come back"
                    .to_owned(),
            ),
            Self::Moved { .. } => Some("plan again, and look at what has changed".to_owned()),
            Self::Conflict { .. } => None,
        }
    }

    /// Which exit code it asks for.
    pub fn class(&self) -> FailureClass {
        match self {
            Self::Unreachable { .. } => FailureClass::Unreachable,
            Self::Conflict { .. } => FailureClass::Conflict,
            Self::Locked { .. } => FailureClass::Locked,
            Self::Moved { .. } => FailureClass::Moved,
            Self::Transient { .. } | Self::Refused { .. } => FailureClass::Other,
        }
    }
}
