//! The only place that writes to stdout and stderr.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "this is the one place that may")]

use std::error::Error as _;
use std::io::{IsTerminal, Write};

use stackctl_engine::Masks;
use stackctl_view::{BOLD_RED, Style};

use crate::args::Color;
use crate::error::Error;

/// stdout for results, stderr for progress and errors, each with its own colour choice.
pub(crate) struct Terminal {
    color: Color,
    masks: Masks,
}

#[expect(clippy::unused_self, reason = "whoever asks has been given the terminal")]
impl Terminal {
    pub(crate) fn new(color: Color) -> Self {
        Self { color, masks: Masks::default() }
    }

    /// What hides values in all that is written here.
    pub(crate) fn masks(&self) -> Masks {
        self.masks.clone()
    }

    /// How to style what goes to stdout.
    pub(crate) fn out_style(&self) -> Style {
        self.style(&std::io::stdout())
    }

    /// How to style what goes to stderr.
    pub(crate) fn err_style(&self) -> Style {
        self.style(&std::io::stderr())
    }

    fn style(&self, stream: &impl IsTerminal) -> Style {
        let color = match self.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => auto_color(stream.is_terminal()),
        };
        Style { color, width: width() }
    }

    /// Text that is drawn elsewhere, with values hidden.
    pub(crate) fn hidden(&self, text: &str) -> String {
        self.masks.hide(text)
    }

    /// Whether somebody can be asked.
    pub(crate) fn can_ask(&self) -> bool {
        std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
    }

    /// Whether progress can be redrawn in place.
    pub(crate) fn can_redraw(&self) -> bool {
        std::io::stderr().is_terminal()
            && std::env::var_os("TERM").is_some_and(|term| term != "dumb")
    }

    /// Writes a result. A closed pipe ends it quietly.
    pub(crate) fn out(&mut self, text: &str) {
        let mut stdout = std::io::stdout().lock();
        // Nobody reads any more: there is nobody to tell.
        let _ = stdout.write_all(self.masks.hide(text).as_bytes()).and_then(|()| stdout.flush());
    }

    /// Writes progress or a remark.
    pub(crate) fn note(&mut self, text: &str) {
        let _ = writeln!(std::io::stderr().lock(), "{}", self.masks.hide(text.trim_end()));
    }

    /// Writes an error, its causes once each, and what to do next.
    pub(crate) fn error(&mut self, error: &Error) {
        if let Error::Findings { summary } = error {
            return self.note(summary);
        }
        let mut text = error.to_string();
        let mut cause = error.source();
        while let Some(inner) = cause {
            let said = inner.to_string();
            if !text.contains(&said) {
                text.push_str(": ");
                text.push_str(&said);
            }
            cause = inner.source();
        }
        let label = self.err_style().paint(BOLD_RED, "error");
        if let Error::Stale { moved, .. } = error
            && !moved.is_empty()
        {
            self.note(&stackctl_view::moved_text(moved, self.err_style()));
        }
        self.note(&format!("{label}: {text}"));
        if let Some(hint) = error.hint() {
            self.note(&format!("Next: {hint}"));
        }
    }

    /// Asks a question on stderr and reads a line; only a clear yes is one.
    pub(crate) fn ask(&mut self, question: &str) -> bool {
        let _ = write!(std::io::stderr().lock(), "{} [y/N] ", self.masks.hide(question));
        let mut answer = String::new();
        if std::io::stdin().read_line(&mut answer).is_err() {
            return false;
        }
        matches!(answer.trim().to_ascii_lowercase().as_str(), "y" | "yes")
    }
}

fn auto_color(is_terminal: bool) -> bool {
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    if set("NO_COLOR") {
        return false;
    }
    if std::env::var_os("CLICOLOR_FORCE").is_some_and(|value| !value.is_empty() && value != "0") {
        return true;
    }
    is_terminal && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
}

/// Columns to write for: `COLUMNS`, the terminal's width, else 100.
fn width() -> usize {
    let named = std::env::var("COLUMNS").ok().and_then(|text| text.parse().ok());
    let measured = || terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
    named.or_else(measured).unwrap_or(100).clamp(40, 200)
}
