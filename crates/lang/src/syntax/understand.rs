//! The parser, asked piece by piece: each piece is some whole statements, so that its tree is gone before
//! the next is made, and a large text is read by two threads.

use std::ops::Range;
use std::thread;

use kdl::KdlDocument;
use stackctl_model::{Finding, SourceId, Span};

use super::clean::Clean;
use super::convert;
use super::file_kind::FileKind;
use crate::value::Block;

/// How often the parser is asked again.
const ROUNDS: usize = 64;
/// The parser recurses; this is enough for the deepest nesting in a debug build.
const STACK: usize = 64 << 20;
/// The longest piece of several statements, in bytes.
const PIECE: usize = 64 << 10;

/// What became of a part of a text: its blocks, unless its structure cannot be trusted, and what is wrong.
pub(super) type Understood = (Option<Vec<Block>>, Vec<Finding>);

/// Parses a text on threads with stack enough.
pub(super) fn understand(source: SourceId, clean: &Clean, file: FileKind) -> Understood {
    let pieces = clean.pieces(PIECE);
    let (first, second) = pieces.split_at(pieces.len().div_ceil(2));
    let worker = |pieces: Vec<Range<usize>>| move || all(source, clean, file, &pieces);
    let halves: Vec<Understood> = thread::scope(|scope| {
        let workers: Vec<_> = [first, second]
            .into_iter()
            .filter(|pieces| !pieces.is_empty())
            .map(|pieces| {
                let thread = thread::Builder::new().name("parser".to_owned()).stack_size(STACK);
                thread.spawn_scoped(scope, worker(pieces.to_vec()))
            })
            .collect();
        let ended =
            workers.into_iter().map(|worker| worker.ok().and_then(|worker| worker.join().ok()));
        ended.map(|half| half.unwrap_or_else(|| gave_up(source))).collect()
    });
    together(halves)
}

fn gave_up(source: SourceId) -> Understood {
    let start = Span { source, start: 0, end: 0 };
    (None, vec![Finding::error("syntax", "this file cannot be parsed", start)])
}

fn together(parts: impl IntoIterator<Item = Understood>) -> Understood {
    let (mut blocks, mut findings) = (Some(Vec::new()), Vec::new());
    for (part, more) in parts {
        findings.extend(more);
        blocks = match (blocks, part) {
            (Some(mut blocks), Some(part)) => {
                blocks.extend(part);
                Some(blocks)
            }
            (None, _) | (_, None) => None,
        };
    }
    (blocks, findings)
}

fn all(source: SourceId, clean: &Clean, file: FileKind, pieces: &[Range<usize>]) -> Understood {
    together(pieces.iter().map(|range| piece(source, clean, file, range)))
}

/// Parses one piece; masks what is refused and parses again.
fn piece(source: SourceId, clean: &Clean, file: FileKind, range: &Range<usize>) -> Understood {
    let mut text = clean.text().get(range.clone()).unwrap_or_default().to_owned();
    let mut findings = Vec::new();
    for _ in 0..ROUNDS {
        let error = match KdlDocument::parse_v2(&text) {
            Ok(document) => {
                let at = convert::PieceOrigin { source, clean, base: range.start, file };
                return (Some(convert::blocks(&at, &document, &mut findings)), findings);
            }
            Err(error) => error,
        };
        let mut is_masked = false;
        for diagnostic in &error.diagnostics {
            let last = (diagnostic.span.offset() + diagnostic.span.len()).saturating_sub(1);
            let written = clean.written(range.start + last, range.start + last + 1);
            let span = Span { source, start: written.start, end: written.end };
            let message = diagnostic.message.as_deref().unwrap_or("this is not KDL");
            findings.push(Finding::error("syntax", message, span).help("Put it in quotes."));
            is_masked |= clean
                .value_at(range.start + last)
                .is_some_and(|value| mask(&mut text, &value, range.start));
        }
        if !is_masked {
            break;
        }
    }
    (None, findings)
}

/// Puts `x` in place of a token; whether that changed anything.
fn mask(text: &mut String, token: &Range<usize>, base: usize) -> bool {
    let range = token.start.saturating_sub(base)..token.end.saturating_sub(base);
    let masked = "x".repeat(range.len());
    if text.get(range.clone()).is_none_or(|old| old == masked) {
        return false;
    }
    text.replace_range(range, &masked);
    true
}
