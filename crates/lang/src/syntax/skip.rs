//! What `/-` takes out of a text.

use super::rebuild::Builder;
use super::scan::TokenKind;

impl Builder<'_> {
    /// Behind `/-`: the whole statement, its block included.
    pub(super) fn skip_statement(&mut self) {
        while self.kind().is_some_and(|kind| {
            kind.is_comment() || matches!(kind, TokenKind::Newline | TokenKind::SlashDash)
        }) {
            self.at += 1;
        }
        let mut depth = 0_usize;
        while let Some(kind) = self.kind() {
            match kind {
                TokenKind::Newline | TokenKind::Semicolon | TokenKind::Close if depth == 0 => {
                    return;
                }
                TokenKind::Close if depth == 1 => {
                    self.at += 1;
                    return;
                }
                TokenKind::Close => depth -= 1,
                TokenKind::Open => depth += 1,
                TokenKind::Continue => {
                    self.go_on();
                    continue;
                }
                _ => {}
            }
            self.at += 1;
        }
    }

    /// Behind `/-` inside a statement: one argument, one property, or the block.
    pub(super) fn skip_entry(&mut self) {
        while self.kind().is_some_and(|kind| {
            kind.is_comment() || matches!(kind, TokenKind::Newline | TokenKind::SlashDash)
        }) {
            self.at += 1;
        }
        if self.kind() == Some(TokenKind::Open) {
            self.skip_statement();
            return;
        }
        self.skip_value();
        if self.kind() == Some(TokenKind::Equals) {
            self.at += 1;
            self.skip_value();
        }
    }

    /// An annotation, if there is one, and a value.
    fn skip_value(&mut self) {
        if self.kind() == Some(TokenKind::ParenOpen) {
            self.at += 1;
            self.at += usize::from(self.kind().is_some_and(TokenKind::is_value));
            self.at += usize::from(self.kind() == Some(TokenKind::ParenClose));
        }
        self.at += usize::from(self.kind().is_some_and(TokenKind::is_value));
    }
}
