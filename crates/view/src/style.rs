//! Colours, symbols, wrapping, and text that cannot act on a terminal.

use anstyle::AnsiColor;
use stackctl_model::{ActionKind, ChangeValue};

/// What went well.
pub(crate) const GREEN: anstyle::Style = AnsiColor::Green.on_default();
/// What needs a look.
pub(crate) const YELLOW: anstyle::Style = AnsiColor::Yellow.on_default();
/// What went wrong.
pub(crate) const RED: anstyle::Style = AnsiColor::Red.on_default();
/// What nobody may overlook.
pub const BOLD_RED: anstyle::Style = RED.bold();
/// What matters less.
pub(crate) const DIMMED: anstyle::Style = anstyle::Style::new().dimmed();

/// How to write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// Whether ANSI colours are wanted.
    pub color: bool,
    /// Columns to fill.
    pub width: usize,
}

impl Style {
    /// The text in this colour, where colours are wanted.
    pub fn paint(self, paint: anstyle::Style, text: &str) -> String {
        if self.color { format!("{paint}{text}{paint:#}") } else { text.to_owned() }
    }

    pub(crate) fn bold(self, text: &str) -> String {
        self.paint(anstyle::Style::new().bold(), text)
    }

    pub(crate) fn dim(self, text: &str) -> String {
        self.paint(DIMMED, text)
    }

    /// Lines of at most the width, the first with one indent, the others with another.
    pub(crate) fn wrapped(self, first: &str, rest: &str, text: &str) -> String {
        let options = textwrap::Options::new(self.width)
            .initial_indent(first)
            .subsequent_indent(rest)
            .word_separator(textwrap::WordSeparator::AsciiSpace)
            .word_splitter(textwrap::WordSplitter::NoHyphenation);
        let mut lines = textwrap::fill(text, options);
        lines.push('\n');
        lines
    }
}

/// Symbol and colour of a kind of action.
pub(crate) fn symbol(kind: ActionKind) -> (&'static str, anstyle::Style) {
    match kind {
        ActionKind::Create => ("+", GREEN),
        ActionKind::Update => ("~", YELLOW),
        ActionKind::Replace => ("-/+", AnsiColor::Magenta.on_default()),
        ActionKind::Delete => ("-", RED),
        ActionKind::Adopt => (">", AnsiColor::Cyan.on_default()),
        ActionKind::Retire => ("o", AnsiColor::Blue.on_default()),
        ActionKind::Wait => ("=", DIMMED),
        ActionKind::Deferred => ("…", DIMMED),
    }
}

/// The word of a kind of action.
pub(crate) fn verb(kind: ActionKind) -> &'static str {
    match kind {
        ActionKind::Create => "create",
        ActionKind::Update => "update",
        ActionKind::Replace => "replace",
        ActionKind::Delete => "delete",
        ActionKind::Adopt => "adopt",
        ActionKind::Retire => "retire",
        ActionKind::Wait => "wait for",
        ActionKind::Deferred => "defer",
    }
}

/// Text with everything escaped that could act on a terminal.
pub(crate) fn inert(text: &str) -> String {
    text.chars()
        .map(|c| {
            if c.is_control() && c != '\n' { c.escape_default().to_string() } else { c.to_string() }
        })
        .collect()
}

/// A value in one line; nothing where there is none.
pub(crate) fn value(value: &ChangeValue) -> String {
    match value {
        ChangeValue::Absent => "nothing".to_owned(),
        ChangeValue::Secret(number) => format!("(secret #{number})"),
        ChangeValue::Value(value) => inert(&value.to_string()),
    }
}

/// The same, cut to so many characters.
pub(crate) fn short(found: &ChangeValue, most: usize) -> String {
    let text = value(found);
    if text.chars().count() <= most {
        return text;
    }
    let kept: String = text.chars().take(most.saturating_sub(1)).collect();
    format!("{kept}…")
}
