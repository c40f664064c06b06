//! From text to KDL nodes, past the parser's limits: sizes and depth are checked first, words it would
//! stumble over are reported and masked, and what it still refuses is masked round by round, so that all
//! mistakes are found in one run.

mod convert;
mod diagnose;
mod scan;

use kdl::KdlDocument;
use stackctl_model::{Finding, SourceId, Span};

use crate::Block;

pub(crate) use convert::blocks;
pub(crate) use scan::{Token, TokenKind, scan};

/// The longest text that is read, in bytes.
const LONGEST: usize = 1 << 20;
/// The deepest nesting that is read.
const DEEPEST: usize = 64;
/// How often the parser is asked again.
const ROUNDS: usize = 64;
/// The parser recurses; this is enough for [`DEEPEST`] in a debug build.
const STACK: usize = 64 << 20;

/// What became of a text.
pub(crate) struct Parsed {
    /// Its nodes; `None` when its structure cannot be trusted.
    pub(crate) blocks: Option<Vec<Block>>,
    /// All that is wrong with its syntax.
    pub(crate) findings: Vec<Finding>,
}

/// Parses a text. Never panics, whatever it holds.
pub(crate) fn parse(source: SourceId, text: &str) -> Parsed {
    let whole = Span { source, start: 0, end: 0 };
    if text.len() > LONGEST {
        let finding = Finding::error("too-long", format!("this file has {} bytes", text.len()), whole)
            .help(format!("at most {LONGEST} bytes are read; split it with include"));
        return Parsed { blocks: None, findings: vec![finding] };
    }
    let scanned = scan(source, text);
    let mut findings = scanned.findings;
    if let Some(span) = scanned.too_deep {
        findings.push(
            Finding::error("too-deep", format!("nested more than {DEEPEST} deep"), span)
                .help("nothing in a stack needs that"),
        );
        return Parsed { blocks: None, findings };
    }
    if !scanned.is_balanced {
        return Parsed { blocks: None, findings };
    }
    let masked = scanned.masked;
    let worker = std::thread::Builder::new().stack_size(STACK).spawn(move || rounds(source, masked));
    let outcome = worker.ok().and_then(|worker| worker.join().ok());
    let Some((document, mut more)) = outcome else {
        findings.push(Finding::error("syntax", "this file cannot be parsed", whole));
        return Parsed { blocks: None, findings };
    };
    findings.append(&mut more);
    let blocks = document.map(|document| blocks(source, &document, &mut findings));
    Parsed { blocks, findings }
}

/// Parses; masks what is refused and parses again.
fn rounds(source: SourceId, mut text: String) -> (Option<KdlDocument>, Vec<Finding>) {
    let mut findings: Vec<Finding> = Vec::new();
    for _ in 0..ROUNDS {
        let error = match KdlDocument::parse_v2(&text) {
            Ok(document) => return (Some(document), findings),
            Err(error) => error,
        };
        let mut is_masked = false;
        for diagnostic in diagnose::leaves(&error.diagnostics) {
            let place = diagnose::place(&text, diagnostic);
            findings.push(diagnose::finding(source, diagnostic, &place));
            is_masked |= diagnose::mask(&mut text, &place);
        }
        if !is_masked {
            break;
        }
    }
    (None, findings)
}
