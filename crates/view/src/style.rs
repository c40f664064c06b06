//! Colours, symbols, wrapping, and text that cannot act on a terminal.

use stackctl_model::{ActionKind, ChangeValue};

/// How to write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// Whether ANSI colours are wanted.
    pub color: bool,
    /// Columns to fill.
    pub width: usize,
}

impl Style {
    pub(crate) fn paint(self, code: &str, text: &str) -> String {
        if self.color { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }

    pub(crate) fn bold(self, text: &str) -> String {
        self.paint("1", text)
    }

    pub(crate) fn dim(self, text: &str) -> String {
        self.paint("2", text)
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
pub(crate) fn symbol(kind: ActionKind) -> (&'static str, &'static str) {
    match kind {
        ActionKind::Create => ("+", "32"),
        ActionKind::Update => ("~", "33"),
        ActionKind::Replace => ("-/+", "35"),
        ActionKind::Delete => ("-", "31"),
        ActionKind::Adopt => (">", "36"),
        ActionKind::Retire => ("o", "34"),
        ActionKind::Wait => ("=", "2"),
        ActionKind::Deferred => ("…", "2"),
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
