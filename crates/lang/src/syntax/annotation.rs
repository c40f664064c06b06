//! `(word)` in front of a name or a value.

use super::rebuild::{Builder, NAMELESS};
use super::scan::{Token, TokenKind};

impl<'t> Builder<'t> {
    /// `(word)`, when there is one; comments may stand in it and behind it.
    pub(super) fn annotation(&mut self) {
        let Some(open) = self.peek().filter(|token| token.kind == TokenKind::ParenOpen) else {
            return;
        };
        let at_word = self.past_comments(self.at + 1);
        let at_close = self.past_comments(at_word + 1);
        let word = self.tokens.get(at_word).filter(|token| token.kind.is_value());
        let close = self.tokens.get(at_close).filter(|token| token.kind == TokenKind::ParenClose);
        let (Some(word), Some(close)) = (word, close) else {
            self.find(
                "stray-sign",
                "`(` begins an annotation such as (env) and has no `)`",
                &open.range,
                "Put the text in quotes, or close the annotation.",
            );
            self.at += 1;
            return;
        };
        self.clean.push("(", open.range.clone());
        self.value(word, "");
        self.clean.push(")", close.range.clone());
        self.at = self.past_comments(at_close + 1);
    }

    /// The first token from here that is no comment within a line.
    fn past_comments(&self, from: usize) -> usize {
        let rest = self.tokens.get(from..).unwrap_or_default();
        from + rest.iter().take_while(|token| token.kind == TokenKind::Comment).count()
    }

    /// A statement without a word: where an annotation stands before nothing, that is told.
    pub(super) fn annotated_nothing(&mut self) {
        let before: Option<&'t Token> =
            self.at.checked_sub(1).and_then(|before| self.tokens.get(before));
        if let Some(close) = before.filter(|token| token.kind == TokenKind::ParenClose) {
            self.find(
                "nameless-block",
                "a word is missing behind this annotation",
                &close.range,
                "Annotations such as (env) stand before a value.",
            );
        }
        self.clean.gap(NAMELESS);
    }
}
