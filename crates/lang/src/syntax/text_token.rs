//! Strings that the parser refuses, and what stands in for them so that the rest can be read.

use kdl::KdlDocument;

use super::scan::is_newline;
use super::words::{Mend, is_forbidden, quoted};

/// `None` when the string is fine. Only strings that could be wrong are tried.
pub(super) fn mend_text(written: &str) -> Option<Mend> {
    if let Some(bad) = written.chars().find(|c| is_forbidden(*c)) {
        return Some(Mend {
            code: "bad-character",
            message: format!("the character U+{:04X} may not stand in a stack", u32::from(bad)),
            here: String::new(),
            text: written.chars().filter(|c| !is_forbidden(*c)).collect(),
        });
    }
    let could_be_wrong =
        written.contains('\\') || written.starts_with('#') || written.contains(is_newline);
    if !could_be_wrong && !written.starts_with("\"\"\"") {
        return None;
    }
    if !is_flat(written) && KdlDocument::parse_v2(&format!("x {written}")).is_ok() {
        return None;
    }
    let is_long = written.contains("\"\"\"");
    let (message, here) = if is_long {
        (
            "the lines of this text are not indented as its closing quotes are",
            "text begins on the line behind \"\"\" and is indented at least as far as the closing \"\"\"",
        )
    } else {
        (
            "this text has an escape that KDL does not know",
            "write \\\\ for a backslash, or #\"…\"# for text as it is",
        )
    };
    let body = written.trim_matches('#').trim_matches('"');
    let text = if is_long {
        quoted(&body.replace(is_newline, " "))
    } else {
        quoted(&unescaped_quotes(body))
    };
    Some(Mend { code: "bad-text", message: message.to_owned(), here: here.to_owned(), text })
}

/// Three quotes without a line's end behind them: KDL refuses that, its parser takes it in raw strings.
fn is_flat(written: &str) -> bool {
    let quotes = written.trim_start_matches('#').strip_prefix("\"\"\"");
    quotes.is_some_and(|rest| !rest.starts_with(is_newline))
}

fn unescaped_quotes(body: &str) -> String {
    body.replace("\\\"", "\"")
}

/// A string without an end: it is taken to end where its line does.
pub(super) fn mend_open(written: &str) -> Mend {
    let body = written.trim_matches('#').trim_matches('"');
    let line = body.lines().next().unwrap_or_default().trim_end();
    let line: String = line.chars().filter(|c| !is_forbidden(*c) && !is_newline(*c)).collect();
    Mend {
        code: "unclosed-text",
        message: "this text has no closing quote".to_owned(),
        here: "opened here".to_owned(),
        text: quoted(&line),
    }
}
