//! What `/-` takes out of a text.

use super::rebuild::Builder;
use super::scan::{Token, TokenKind};

/// The code of a sign that hangs on what stands before it.
const NEEDS_BLANK: &str = "needs-blank";

impl Builder<'_> {
    /// `/-` at the beginning of a statement takes all of it out.
    pub(super) fn comment_out_statement(&mut self, sign: &Token) {
        self.at += 1;
        self.pass_blanks();
        if !self.kind().is_some_and(|kind| kind.is_value() || kind == TokenKind::ParenOpen) {
            self.takes_nothing_out(sign);
        }
        self.skip_statement();
    }

    /// `/-` inside a statement takes one argument, one property or the block out.
    pub(super) fn comment_out_entry(&mut self) {
        let Some(sign) = self.peek() else { return };
        if self.is_joined(sign) {
            self.find(NEEDS_BLANK, "a blank is missing before this `/-`", &sign.range, "");
        }
        self.at += 1;
        self.pass_blanks();
        let is_block = self.kind() == Some(TokenKind::Open);
        let begins = |kind: TokenKind| kind.is_value() || kind == TokenKind::ParenOpen;
        if !is_block && !self.kind().is_some_and(begins) {
            self.takes_nothing_out(sign);
            return;
        }
        self.skip_entry();
        self.is_behind_block |= is_block;
    }

    fn takes_nothing_out(&mut self, sign: &Token) {
        self.find(
            "no-value",
            "nothing stands behind this `/-` that it could take out",
            &sign.range,
            "Take the `/-` away, or write it before what is to be left out.",
        );
    }

    /// Lines' ends and comments behind `/-`.
    fn pass_blanks(&mut self) {
        loop {
            match self.kind() {
                Some(TokenKind::Continue) => self.go_on(),
                Some(kind) if kind.is_comment() || kind == TokenKind::Newline => self.at += 1,
                Some(_) | None => return,
            }
        }
    }

    /// Behind `/-`: the whole statement, its block included.
    fn skip_statement(&mut self) {
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
    fn skip_entry(&mut self) {
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
