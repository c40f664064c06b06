//! What can go wrong, what to do about it, and which exit code it means.

use std::path::PathBuf;

use stackctl_engine::EngineError;
use stackctl_kubernetes::ConnectError;
use stackctl_model::{FailureClass, Moved};
use stackctl_sandbox::SandboxError;

use crate::exit::Exit;

/// Why a command ends early.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("no stack.kdl in {} or any folder above it", from.display())]
    NoStack { from: PathBuf },
    #[error("the stack has mistakes")]
    Findings { summary: String },
    #[error("{what}")]
    Io {
        what: String,
        #[source]
        source: std::io::Error,
    },
    #[error("{message}")]
    Usage { message: String, hint: String },
    #[error("{message}")]
    Stale { message: String, moved: Vec<Moved> },
    #[error("{message}")]
    Refused { message: String, hint: String },
    #[error("{message}")]
    Failed { message: String, hint: Option<String> },
    #[error("the cluster cannot be used")]
    Connect(#[source] ConnectError),
    #[error("the sandbox cannot be used")]
    Sandbox(#[source] SandboxError),
    #[error(transparent)]
    Engine(EngineError),
}

impl Error {
    /// The exit code it means.
    pub(crate) fn exit(&self) -> Exit {
        match self {
            Self::NoStack { .. } | Self::Usage { .. } => Exit::Usage,
            Self::Findings { .. } | Self::Io { .. } | Self::Failed { .. } | Self::Sandbox(_) => {
                Exit::Failure
            }
            Self::Stale { .. } => Exit::Stale,
            Self::Refused { .. } => Exit::Refused,
            Self::Connect(_) => Exit::Unreachable,
            Self::Engine(error) => engine_exit(error),
        }
    }

    /// What to do next.
    pub(crate) fn hint(&self) -> Option<String> {
        match self {
            Self::NoStack { .. } => {
                Some("stackctl init writes one; -f FILE names one elsewhere".to_owned())
            }
            Self::Findings { .. } | Self::Io { .. } => None,
            Self::Usage { hint, .. } | Self::Refused { hint, .. } => Some(hint.clone()),
            Self::Stale { .. } => Some(
                "stackctl plan --out FILE, have it approved, then stackctl apply FILE".to_owned(),
            ),
            Self::Failed { hint, .. } => hint.clone(),
            Self::Connect(error) => Some(error.hint()),
            Self::Sandbox(error) => error.hint(),
            Self::Engine(error) => error.hint(),
        }
    }
}

fn engine_exit(error: &EngineError) -> Exit {
    if let EngineError::Plan(error) = error
        && matches!(error.as_ref(), stackctl_plan::PlanError::UnknownId { .. })
    {
        return Exit::Usage;
    }
    class_exit(error.class(), Exit::Failure)
}

/// The exit code of a failure's class; `other` where it has none of its own.
pub(crate) fn class_exit(class: FailureClass, other: Exit) -> Exit {
    match class {
        FailureClass::Other => other,
        FailureClass::Conflict => Exit::Conflict,
        FailureClass::Unreachable => Exit::Unreachable,
        FailureClass::Locked => Exit::Locked,
        FailureClass::Moved => Exit::Stale,
    }
}
