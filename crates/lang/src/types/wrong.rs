//! What is wrong with a value, and how it should read.

use crate::written::as_written;

/// What is wrong with a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Wrong {
    /// Stable code of the finding.
    pub(crate) code: &'static str,
    /// What is wrong, without a full stop.
    pub(crate) problem: String,
    /// How it should read, a sentence.
    pub(crate) help: String,
    /// The value that was probably meant, as it would be written.
    pub(crate) meant: Option<String>,
}

impl Wrong {
    pub(super) fn new(
        code: &'static str,
        problem: impl Into<String>,
        help: impl Into<String>,
    ) -> Self {
        Self { code, problem: problem.into(), help: help.into(), meant: None }
    }

    /// With the text that was probably meant.
    pub(super) fn meant(self, text: &str) -> Self {
        let written = as_written(text);
        Self { help: format!("Did you mean `{written}`?"), meant: Some(written), ..self }
    }
}
