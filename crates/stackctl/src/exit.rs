//! The exit codes, a promise for all commands.

use std::process::ExitCode;

/// How a command ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Success, also with changes planned.
    Success,
    /// An error not named below.
    Failure,
    /// Success, and there are changes (`--detailed-exitcode`).
    Changes,
    /// A check failed: `fmt --check`, `check --strict`.
    CheckFailed,
    /// What is there is no longer what was planned for, or a saved plan is for another cluster, file or version.
    Stale,
    /// Refused: data at risk, or confirmation needed and no terminal.
    Refused,
    /// Another run holds the lock.
    Locked,
    /// Another manager owns a field.
    Conflict,
    /// Not ready in time; what was written stays.
    TimedOut,
    /// Some actions failed or were deferred.
    Partly,
    /// A target cannot be reached or refuses the credentials.
    Unreachable,
    /// Wrong usage.
    Usage,
    /// Stopped by SIGINT, cleanly.
    Interrupted,
    /// Stopped by SIGTERM, cleanly.
    Terminated,
    /// A code the user chose with `--exit-code-changes`.
    Chosen(u8),
}

impl Exit {
    /// The number.
    pub(crate) fn code(self) -> u8 {
        match self {
            Self::Success => 0,
            Self::Failure => 1,
            Self::Changes => 2,
            Self::CheckFailed => 3,
            Self::Stale => 4,
            Self::Refused => 5,
            Self::Locked => 6,
            Self::Conflict => 7,
            Self::TimedOut => 8,
            Self::Partly => 9,
            Self::Unreachable => 10,
            Self::Usage => 64,
            Self::Interrupted => 130,
            Self::Terminated => 143,
            Self::Chosen(code) => code,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}
