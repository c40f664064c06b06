//! What the parser refuses, in words, and where.

use std::ops::Range;

use kdl::KdlDiagnostic;
use stackctl_model::{Finding, SourceId, Span};

/// The diagnostics that name a cause; those that only follow from one are left out while there is one.
pub(super) fn leaves(diagnostics: &[KdlDiagnostic]) -> Vec<&KdlDiagnostic> {
    let follows = |diagnostic: &&KdlDiagnostic| {
        let message = diagnostic.message.as_deref().unwrap_or_default();
        ["losing '}'", "end of document", "node name"].iter().any(|part| message.contains(part))
    };
    let causes: Vec<_> = diagnostics.iter().filter(|diagnostic| !follows(diagnostic)).collect();
    if causes.is_empty() { diagnostics.iter().take(1).collect() } else { causes }
}

/// The bytes a diagnostic is about. A bad property value is blamed from the file's first byte; its token
/// begins behind the last `=`.
pub(super) fn place(text: &str, diagnostic: &KdlDiagnostic) -> Range<usize> {
    let mut start = clamp(text, diagnostic.span.offset());
    let end = clamp(text, diagnostic.span.offset() + diagnostic.span.len());
    if diagnostic.label.as_deref() == Some("property value") || (start == 0 && end > 80) {
        let before = text.get(..end).unwrap_or_default();
        start = before.rfind('=').map_or(start, |equals| equals + 1);
    }
    let rest = text.get(start..).unwrap_or_default();
    let skipped = rest.len() - rest.trim_start().len();
    let start = start + if skipped < rest.len() { skipped } else { 0 };
    let token = text.get(start..).unwrap_or_default();
    let length = token.find(|c: char| c.is_whitespace() || matches!(c, '{' | '}' | ';')).unwrap_or(token.len());
    start..clamp(text, (start + length).max(end.min(start + 1)))
}

fn clamp(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

pub(super) fn finding(source: SourceId, diagnostic: &KdlDiagnostic, place: &Range<usize>) -> Finding {
    let span = Span { source, start: place.start, end: place.end };
    let message = diagnostic.message.clone().unwrap_or_else(|| "this is not KDL".to_owned());
    let mut finding = Finding::error("syntax", message, span);
    if let Some(label) = &diagnostic.label {
        finding = finding.here(label.clone());
    }
    if let Some(help) = &diagnostic.help {
        finding = finding.help(help.clone());
    }
    finding
}

/// Replaces the place by as many `x`; whether that changed anything.
pub(super) fn mask(text: &mut String, place: &Range<usize>) -> bool {
    let Some(bad) = text.get(place.clone()) else { return false };
    let masked: String = bad.bytes().map(|byte| if byte == b'\n' { '\n' } else { 'x' }).collect();
    if masked == bad {
        return false;
    }
    text.replace_range(place.clone(), &masked);
    true
}
