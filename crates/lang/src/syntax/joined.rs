//! Texts that fall apart into several tokens because their quotes are missing: `a=b=c`, `$(date)`.

use std::ops::Range;

use stackctl_model::{Finding, Span};

use super::rebuild::Builder;
use super::scan::{Token, TokenKind};
use super::words::quoted;
use crate::codes::NEEDS_QUOTES;
use crate::secrecy::secret_in_text;

impl Builder<'_> {
    /// `=` or `)` where none may stand: `a=b=c`.
    pub(super) fn stray(&mut self, token: &Token) {
        let start = self.tokens.get(self.at.saturating_sub(1)).filter(|_| token.is_joined);
        let start = start.map_or(token.range.start, |before| before.range.start);
        let end = self.joined_end();
        let range = start..end;
        let message = format!("text with `{}` in it needs quotes", self.written(&token.range));
        self.needs_quotes(&message, &range);
    }

    /// A value right behind another, without a blank: `$(date)`, `"a"b`.
    pub(super) fn joined(&mut self, token: &Token) {
        let before = self.tokens.get(self.at.saturating_sub(1));
        let start = before.map_or(token.range.start, |before| before.range.start);
        let range = start..self.joined_end();
        self.needs_quotes("a blank is missing here, or quotes around the whole", &range);
    }

    fn needs_quotes(&mut self, message: &str, range: &Range<usize>) {
        let written = self.written(range);
        let span = self.span(range);
        if self.is_secret() {
            self.findings.push(secret_in_text(Span { end: span.start, ..span }));
            return;
        }
        let finding = Finding::error(NEEDS_QUOTES, message, span);
        let finding = if written.contains(['"', '\n']) {
            finding
        } else {
            finding.fix(span, quoted(written))
        };
        self.findings.push(finding.help("Put it in quotes."));
    }

    /// Passes over all that follows without a blank; where that ends.
    fn joined_end(&mut self) -> usize {
        let mut end = self.peek().map_or(self.text.len(), |token| token.range.end);
        self.at += 1;
        while let Some(token) = self.peek() {
            let is_part = token.kind.is_value()
                || matches!(
                    token.kind,
                    TokenKind::Equals | TokenKind::ParenOpen | TokenKind::ParenClose
                );
            if !token.is_joined || !is_part {
                break;
            }
            end = token.range.end;
            self.at += 1;
        }
        end
    }
}
