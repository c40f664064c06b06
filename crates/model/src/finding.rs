//! Anything wrong, of any severity, with its code, its place and what to do about it.

use serde::{Deserialize, Serialize};

use crate::Span;

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Nothing is planned or applied while there is one.
    Error,
    /// Worth a look; `check --strict` fails on it.
    Warning,
}

/// Something wrong in the text of a stack or a module.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// Stable and searchable, such as `unknown-block`.
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong, in one sentence without a full stop.
    pub message: String,
    /// Where: the first is the place itself, the others explain it. Empty when it has no place in a text.
    pub labels: Vec<Label>,
    /// What to do next, each a sentence.
    pub help: Vec<String>,
    /// An edit that mends it.
    pub fix: Option<Fix>,
}

/// A span underlined with a few words.
#[derive(Clone, Debug, PartialEq)]
pub struct Label {
    /// What to underline.
    pub span: Span,
    /// Words beside it; may be empty.
    pub text: String,
}

/// Text to put in place of a span.
#[derive(Clone, Debug, PartialEq)]
pub struct Fix {
    /// What to replace.
    pub span: Span,
    /// The new text.
    pub text: String,
}

impl Finding {
    /// An error at a place.
    pub fn error(code: &'static str, message: impl Into<String>, span: Span) -> Self {
        Self {
            code,
            severity: Severity::Error,
            message: message.into(),
            labels: vec![Label { span, text: String::new() }],
            help: Vec::new(),
            fix: None,
        }
    }

    /// A warning at a place.
    pub fn warning(code: &'static str, message: impl Into<String>, span: Span) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, message, span) }
    }

    /// Words beside the place itself.
    #[must_use]
    pub fn here(mut self, text: impl Into<String>) -> Self {
        if let Some(first) = self.labels.first_mut() {
            first.text = text.into();
        }
        self
    }

    /// One more place that explains it.
    #[must_use]
    pub fn also(mut self, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label { span, text: text.into() });
        self
    }

    /// What to do next.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help.push(text.into());
        self
    }

    /// An edit that mends it.
    #[must_use]
    pub fn fix(mut self, span: Span, text: impl Into<String>) -> Self {
        self.fix = Some(Fix { span, text: text.into() });
        self
    }

    /// The place itself.
    pub fn span(&self) -> Option<Span> {
        self.labels.first().map(|label| label.span)
    }
}
