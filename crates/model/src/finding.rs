//! Anything wrong, of any severity, with its code, its places and what to do about it. There is no other
//! type for that: what `check` finds in a text, what a plan leaves to a person or says beside its actions,
//! and what `doctor` sees are all findings.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::{Origin, ResourceId, Span};

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// An apply or an app fails of it. Nothing is planned while there is one in a text.
    Error,
    /// Worth a look; `check --strict` fails on it.
    Warning,
    /// Good to know; nothing fails of it.
    Note,
}

/// Something wrong in the text of a stack or a module, or with what is live.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Stable and searchable, such as `unknown-block`. Borrowed from the program, owned when it was read from
    /// a saved plan.
    pub code: Cow<'static, str>,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong, in one sentence without a full stop.
    pub message: String,
    /// Where: the first is the place itself, the others explain it. Empty when it has no place in a file.
    pub places: Vec<Place>,
    /// What it is about, where that is a resource.
    pub id: Option<ResourceId>,
    /// The app that resource belongs to.
    pub app: Option<String>,
    /// What to do next, each a sentence.
    pub help: Vec<String>,
    /// An edit that mends it.
    pub fix: Option<Fix>,
}

/// A place in a file with a few words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Where.
    pub at: At,
    /// Words beside it; may be empty.
    pub words: String,
}

/// A place, as far as it is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum At {
    /// In a text that is at hand: it can be underlined.
    Text(Span),
    /// A line of a file, as resources carry it.
    Line(Origin),
    /// Both.
    Spot(Spot),
}

/// A place that is underlined while its text is at hand, and named by its line when it no longer is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spot {
    /// In the text.
    pub span: Span,
    /// The same as people name it.
    pub origin: Origin,
}

impl From<Span> for At {
    fn from(span: Span) -> Self {
        Self::Text(span)
    }
}

impl From<Origin> for At {
    fn from(origin: Origin) -> Self {
        Self::Line(origin)
    }
}

impl From<&Spot> for At {
    fn from(spot: &Spot) -> Self {
        Self::Spot(spot.clone())
    }
}

impl At {
    /// What to underline.
    pub fn span(&self) -> Option<Span> {
        match self {
            Self::Text(span) | Self::Spot(Spot { span, .. }) => Some(*span),
            Self::Line(_) => None,
        }
    }

    /// The line of a file.
    pub fn origin(&self) -> Option<&Origin> {
        match self {
            Self::Line(origin) | Self::Spot(Spot { origin, .. }) => Some(origin),
            Self::Text(_) => None,
        }
    }
}

/// Text to put in place of a span.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What to replace.
    pub span: Span,
    /// The new text.
    pub text: String,
}

impl Finding {
    /// One with no place and about nothing yet.
    pub fn new(code: &'static str, severity: Severity, message: impl Into<String>) -> Self {
        Self {
            code: Cow::Borrowed(code),
            severity,
            message: message.into(),
            places: Vec::new(),
            id: None,
            app: None,
            help: Vec::new(),
            fix: None,
        }
    }

    /// An error at a place.
    pub fn error(code: &'static str, message: impl Into<String>, at: impl Into<At>) -> Self {
        Self::new(code, Severity::Error, message).also(at, "")
    }

    /// A warning at a place.
    pub fn warning(code: &'static str, message: impl Into<String>, at: impl Into<At>) -> Self {
        Self::new(code, Severity::Warning, message).also(at, "")
    }

    /// A whole sentence that is good to know.
    pub fn note(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Note, message)
    }

    /// The resource it is about.
    #[must_use]
    pub fn about(mut self, id: ResourceId) -> Self {
        self.id = Some(id);
        self
    }

    /// The app that resource belongs to.
    #[must_use]
    pub fn of_app(mut self, app: Option<String>) -> Self {
        self.app = app;
        self
    }

    /// Words beside the place itself.
    #[must_use]
    pub fn here(mut self, words: impl Into<String>) -> Self {
        if let Some(first) = self.places.first_mut() {
            first.words = words.into();
        }
        self
    }

    /// One more place that explains it; the place itself, where it has none yet.
    #[must_use]
    pub fn also(mut self, at: impl Into<At>, words: impl Into<String>) -> Self {
        self.places.push(Place { at: at.into(), words: words.into() });
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

    /// The place itself, where its text is at hand.
    pub fn span(&self) -> Option<Span> {
        self.places.first().and_then(|place| place.at.span())
    }

    /// The line of the place itself, where it is known.
    pub fn origin(&self) -> Option<&Origin> {
        self.places.first().and_then(|place| place.at.origin())
    }
}
