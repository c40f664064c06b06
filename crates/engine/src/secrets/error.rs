//! Why a secret could not be read.

/// Why a secret could not be read. Never holds a value; reads on after "but".
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SecretError {
    /// The variable is not set.
    #[error("environment variable {name} is not set")]
    NotSet {
        /// The variable.
        name: String,
    },
    /// There is a value, and it is the empty text: most likely a mistake.
    #[error("{source_text} is empty")]
    Empty {
        /// The source as the stack writes it.
        source_text: String,
    },
    /// The file is not there or cannot be read.
    #[error("file {path} cannot be read ({reason})")]
    File {
        /// The file.
        path: String,
        /// Why.
        reason: String,
    },
    /// The command failed.
    #[error("command `{command}` {reason}")]
    Command {
        /// The command.
        command: String,
        /// What happened.
        reason: String,
    },
    /// It stood in a manifest of an earlier generation.
    #[error("no generation records the values of a manifest's Secret")]
    Unrecorded,
    /// The system gives no random numbers.
    #[error("the system gives no random numbers")]
    NoRandomness,
}
