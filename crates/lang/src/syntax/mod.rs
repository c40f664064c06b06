//! From text to blocks, past the parser's limits: sizes and depth are checked first, what it would stumble
//! over is told and mended token by token, and what it still refuses is masked round by round, so that all
//! mistakes are found in one run.

mod braces;
mod clean;
mod convert;
mod joined;
mod rebuild;
mod scan;
mod skip;
mod text_token;
mod understand;
mod words;

use stackctl_model::{Finding, SourceId, Span};

use crate::Block;

pub(crate) use scan::{Token, TokenKind, scan};

/// The longest text that is read, in bytes.
pub(crate) const LONGEST: usize = 1 << 20;
/// The deepest nesting that is read.
pub(crate) const DEEPEST: usize = 64;

/// What became of a text.
pub(crate) struct Parsed {
    /// Its blocks; `None` when its structure cannot be trusted.
    pub(crate) blocks: Option<Vec<Block>>,
    /// All that is wrong with its syntax.
    pub(crate) findings: Vec<Finding>,
}

/// What a text is part of: `(knob)` means something only in a module.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// A stack or one of its parts.
    Stack,
    /// A `module.kdl`.
    Module,
}

/// Parses a text. Never panics, whatever it holds.
pub(crate) fn parse(source: SourceId, text: &str, place: Place) -> Parsed {
    let start = Span { source, start: 0, end: 0 };
    if text.len() > LONGEST {
        let message = format!("this file has {} bytes; at most {LONGEST} are read", text.len());
        let finding = Finding::error("too-long", message, start)
            .help("Split it, and name the parts with `include \"part.kdl\"`.");
        return Parsed { blocks: None, findings: vec![finding] };
    }
    let tokens = scan(text);
    if let Some(token) = braces::too_deep(&tokens, DEEPEST) {
        let span = Span { source, start: token.range.start, end: token.range.end };
        let message = format!("blocks stand in each other more than {DEEPEST} deep");
        let finding = Finding::error("too-deep", message, span)
            .help("Nothing in a stack needs that; look for a `}` that is missing above.");
        return Parsed { blocks: None, findings: vec![finding] };
    }
    let (clean, mut findings) = rebuild::rebuild(source, text, &tokens);
    let (blocks, more) = understand::understand(source, &clean, place);
    findings.extend(more);
    Parsed { blocks, findings }
}

/// Whether a word or property of this name holds a secret, going by the name.
pub(crate) fn secret_word(name: &str) -> bool {
    let name = name.trim_matches('"').to_ascii_lowercase();
    ["key", "token", "password", "passwd", "secret"].iter().any(|end| name.ends_with(end))
}

/// The code of a bare word that KDL does not take.
pub(crate) const NEEDS_QUOTES: &str = "needs-quotes";

/// The code of [`secret_in_text`].
pub(crate) const SECRET_IN_TEXT: &str = "secret-in-text";

/// Said of a secret written as text, without showing it.
pub(crate) fn secret_in_text(place: Span) -> Finding {
    Finding::error(SECRET_IN_TEXT, "a secret is written here as text", place)
        .help("A secret is a reference: write (env)\"NAME\", (file)\"path\" or (sops)\"file#key\".")
}
