//! Braces without a partner. Which `{` is never closed is told by the indentation, since the text itself
//! blames the outermost block.

use std::collections::{BTreeMap, BTreeSet};

use stackctl_model::{Finding, SourceId, Span};

use super::scan::{Token, TokenKind, is_newline};

/// What to do so that braces are balanced.
#[derive(Debug, Default)]
pub(super) struct Repair {
    /// How many `}` to put before the token with this index (the number of tokens: at the end).
    pub(super) close_before: BTreeMap<usize, usize>,
    /// `}` to pass over.
    pub(super) dropped: BTreeSet<usize>,
    /// What to tell.
    pub(super) findings: Vec<Finding>,
}

/// An open brace.
struct Opened {
    token: usize,
    indent: usize,
    /// Whether what follows it is further right, so that indentation can be trusted.
    is_indented: Option<bool>,
}

/// The first brace that is nested deeper than allowed.
pub(super) fn too_deep(tokens: &[Token], deepest: usize) -> Option<&Token> {
    let mut depth = 0_usize;
    tokens.iter().find(|token| {
        if token.kind == TokenKind::Open {
            depth += 1;
        } else if token.kind == TokenKind::Close {
            depth = depth.saturating_sub(1);
        }
        depth > deepest
    })
}

/// Looks for braces without a partner.
pub(super) fn balance(source: SourceId, text: &str, tokens: &[Token]) -> Repair {
    let count = |kind| tokens.iter().filter(|token| token.kind == kind).count();
    let missing = count(TokenKind::Open).saturating_sub(count(TokenKind::Close));
    let mut walk = Walk { source, tokens, missing, open: Vec::new(), repair: Repair::default() };
    for ((index, token), (indent, is_first)) in tokens.iter().enumerate().zip(indents(text, tokens))
    {
        if is_first {
            walk.look_at_indent(index, token, indent);
        }
        if token.kind == TokenKind::Open {
            walk.open.push(Opened { token: index, indent, is_indented: None });
        } else if token.kind == TokenKind::Close {
            walk.close(index, token);
        }
    }
    while let Some(opened) = walk.open.pop() {
        walk.unclosed(&opened, tokens.len());
    }
    walk.repair
}

struct Walk<'t> {
    source: SourceId,
    tokens: &'t [Token],
    missing: usize,
    open: Vec<Opened>,
    repair: Repair,
}

impl Walk<'_> {
    /// A line that begins no further right than the block it would stand in is outside of it.
    fn look_at_indent(&mut self, index: usize, token: &Token, indent: usize) {
        if token.kind == TokenKind::Newline || token.kind.is_comment() {
            return;
        }
        let is_close = token.kind == TokenKind::Close;
        if let Some(top) = self.open.last_mut()
            && top.is_indented.is_none()
        {
            top.is_indented = Some(is_close || indent > top.indent);
        }
        while self.missing > 0
            && self.open.last().is_some_and(|top| {
                let is_outside = if is_close { indent < top.indent } else { indent <= top.indent };
                top.is_indented == Some(true) && is_outside
            })
            && let Some(opened) = self.open.pop()
        {
            self.missing -= 1;
            self.unclosed(&opened, index);
        }
    }

    fn close(&mut self, index: usize, token: &Token) {
        if self.open.pop().is_some() {
            return;
        }
        self.repair.dropped.insert(index);
        let span = Span { source: self.source, start: token.range.start, end: token.range.end };
        self.repair.findings.push(
            Finding::error("stray-brace", "this `}` closes nothing", span)
                .help("Take it out, or look above for a `{` that is missing."),
        );
    }

    fn unclosed(&mut self, opened: &Opened, before: usize) {
        *self.repair.close_before.entry(before).or_insert(0) += 1;
        let Some(brace) = self.tokens.get(opened.token) else { return };
        let span = Span { source: self.source, start: brace.range.start, end: brace.range.end };
        let mut finding = Finding::error("unclosed-brace", "this `{` is never closed", span)
            .here("opened here")
            .help("Put a `}` where the block ends.");
        if let Some(next) = self.tokens.get(before) {
            let place = Span { source: self.source, start: next.range.start, end: next.range.end };
            finding = finding.also(place, "by its indentation this is already outside");
        }
        self.repair.findings.push(finding);
    }
}

/// Of each token: how far right its line begins, and whether it is the line's first.
fn indents(text: &str, tokens: &[Token]) -> Vec<(usize, bool)> {
    let mut places = Vec::with_capacity(tokens.len());
    let (mut line, mut indent, mut is_first) = (0, 0, true);
    for token in tokens {
        if is_first {
            indent = token.range.start - line;
        }
        places.push((indent, is_first));
        is_first = false;
        let written = text.get(token.range.clone()).unwrap_or_default();
        if let Some((at, c)) = written.char_indices().rfind(|(_, c)| is_newline(*c)) {
            line = token.range.start + at + c.len_utf8();
            is_first = token.kind == TokenKind::Newline;
        }
    }
    places
}

#[cfg(test)]
mod tests {
    use super::balance;
    use crate::syntax::scan::scan;
    use stackctl_model::SourceId;

    fn found(text: &str) -> Vec<(String, usize)> {
        let repair = balance(SourceId(0), text, &scan(text));
        repair
            .findings
            .iter()
            .map(|finding| (finding.code.to_string(), finding.span().unwrap().start))
            .collect()
    }

    #[test]
    fn the_brace_that_is_not_closed_is_found_by_indentation() {
        assert_eq!(
            found("a {\n    b {\n        c\n}\nd {\n    e\n}\n"),
            [("unclosed-brace".to_owned(), 10)]
        );
        assert_eq!(found("a {\n    b\n\nd {\n    e\n}\n"), [("unclosed-brace".to_owned(), 2)]);
        assert_eq!(found("a {\nb\nc {\nd\n}\n"), [("unclosed-brace".to_owned(), 2)]);
    }

    #[test]
    fn a_brace_too_many_is_told() {
        assert_eq!(found("a {\n}\n}\nb\n"), [("stray-brace".to_owned(), 6)]);
        assert_eq!(found("a {\n}\nb { c; }\n"), []);
    }
}
