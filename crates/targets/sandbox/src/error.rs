//! Why the sandbox cannot be used.

use std::path::PathBuf;

use stackctl_engine::{KeyError, TargetError};

/// Why the sandbox cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    /// A file or folder cannot be read or written.
    #[error("{}: {doing} failed ({})", path.display(), source.kind())]
    Io {
        /// Which.
        path: PathBuf,
        /// What was tried.
        doing: &'static str,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// A file of the sandbox is not what it should be.
    #[error("{}: {reason}", path.display())]
    Broken {
        /// Which.
        path: PathBuf,
        /// What is wrong, with its place.
        reason: String,
    },
    /// Another process is writing.
    #[error("{}: {holder} is writing to this sandbox; nothing was changed", path.display())]
    Busy {
        /// The lock's file.
        path: PathBuf,
        /// Who, as far as is known.
        holder: String,
    },
}

impl SandboxError {
    /// What to do next, where that is known.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Io { .. } => None,
            Self::Broken { .. } => Some(
                "mend or delete the file; an apply puts back what the stack asks for".to_owned(),
            ),
            Self::Busy { .. } => Some("wait for it, then run the same command again".to_owned()),
        }
    }

    pub(crate) fn io(
        path: impl Into<PathBuf>,
        doing: &'static str,
    ) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { path, doing, source }
    }

    pub(crate) fn broken(path: impl Into<PathBuf>, reason: impl Into<String>) -> Self {
        Self::Broken { path: path.into(), reason: reason.into() }
    }
}

impl From<KeyError> for SandboxError {
    fn from(error: KeyError) -> Self {
        Self::Broken { path: error.path, reason: error.reason }
    }
}

impl From<SandboxError> for TargetError {
    fn from(error: SandboxError) -> Self {
        let (message, hint) = (error.to_string(), error.hint());
        match error {
            SandboxError::Busy { .. } => Self::Locked { message },
            SandboxError::Io { .. } | SandboxError::Broken { .. } => {
                Self::Refused { message, hint }
            }
        }
    }
}
