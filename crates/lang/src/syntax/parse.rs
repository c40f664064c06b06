//! One text to blocks: refused when it is too long or too deep, mended, understood.

use stackctl_model::{Finding, SourceId, Span};

use super::braces::too_deep;
use super::file_kind::FileKind;
use super::rebuild::rebuild;
use super::scan::scan;
use super::understand::understand;
use crate::value::Block;

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

/// Parses a text. Never panics, whatever it holds.
pub(crate) fn parse(source: SourceId, text: &str, kind: FileKind) -> Parsed {
    let start = Span { source, start: 0, end: 0 };
    if text.len() > LONGEST {
        let message = format!("this file has {} bytes; at most {LONGEST} are read", text.len());
        let finding = Finding::error("too-long", message, start)
            .help("Split it, and name the parts with `include \"part.kdl\"`.");
        return Parsed { blocks: None, findings: vec![finding] };
    }
    let tokens = scan(text);
    if let Some(token) = too_deep(&tokens, DEEPEST) {
        let span = Span { source, start: token.range.start, end: token.range.end };
        let message = format!("blocks stand in each other more than {DEEPEST} deep");
        let finding = Finding::error("too-deep", message, span)
            .help("Nothing in a stack needs that; look for a `}` that is missing above.");
        return Parsed { blocks: None, findings: vec![finding] };
    }
    let (clean, mut findings) = rebuild(source, text, &tokens);
    let (blocks, more) = understand(source, &clean, kind);
    findings.extend(more);
    Parsed { blocks, findings }
}
