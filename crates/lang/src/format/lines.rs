//! Tokens to statements: what stands on a line of its own.

use std::ops::Range;

use crate::syntax::{Token, TokenKind};

/// One statement, or a comment on a line of its own.
#[derive(Debug)]
pub(super) struct Statement {
    /// Whether an empty line stands before it.
    pub(super) has_gap: bool,
    /// Its tokens and blocks, in order.
    pub(super) parts: Vec<Part>,
}

/// A part of a statement.
#[derive(Debug)]
pub(super) enum Part {
    /// A token and how many blanks stand before it.
    Token {
        /// What it is.
        kind: TokenKind,
        /// Where it is.
        range: Range<usize>,
        /// Blanks before it, as written.
        blanks: usize,
        /// Whether it begins a line.
        begins_line: bool,
    },
    /// A block.
    Block {
        /// Comments right behind its brace.
        opening: Vec<Part>,
        /// What stands in it.
        statements: Vec<Statement>,
        /// Whether it was written on one line.
        is_one_line: bool,
    },
}

/// All statements of a text whose braces are balanced.
pub(super) fn statements(text: &str, tokens: &[Token]) -> Vec<Statement> {
    let mut reader = Reader { text, tokens, at: 0 };
    reader.statements()
}

/// Takes out a `\` that nothing follows but comments.
fn without_last_break(mut parts: Vec<Part>) -> Vec<Part> {
    let is = |part: &Part, wanted: fn(TokenKind) -> bool| matches!(part, Part::Token { kind, .. } if wanted(*kind));
    loop {
        let comments =
            parts.iter().rev().take_while(|part| is(part, TokenKind::is_comment)).count();
        let Some(last) = parts.len().checked_sub(comments + 1) else { return parts };
        if !parts.get(last).is_some_and(|part| is(part, |kind| kind == TokenKind::Continue)) {
            return parts;
        }
        parts.remove(last);
    }
}

struct Reader<'t> {
    text: &'t str,
    tokens: &'t [Token],
    at: usize,
}

impl Reader<'_> {
    fn kind(&self) -> Option<TokenKind> {
        self.tokens.get(self.at).map(|token| token.kind)
    }

    /// Up to the closing brace, or the end. As deep as the text nests, which is limited.
    fn statements(&mut self) -> Vec<Statement> {
        let mut found = Vec::new();
        let mut newlines = 0;
        while let Some(kind) = self.kind() {
            if kind == TokenKind::Close {
                break;
            }
            if matches!(kind, TokenKind::Newline | TokenKind::Semicolon) {
                newlines += usize::from(kind == TokenKind::Newline);
                self.at += 1;
                continue;
            }
            let has_gap = newlines > 1 && !found.is_empty();
            let parts = self.statement();
            if !parts.is_empty() {
                found.push(Statement { has_gap, parts });
                newlines = 0;
            }
        }
        found
    }

    fn statement(&mut self) -> Vec<Part> {
        let mut parts = Vec::new();
        while let Some(kind) = self.kind() {
            match kind {
                TokenKind::Newline | TokenKind::Close => break,
                TokenKind::Semicolon => {
                    self.at += 1;
                    self.trailing_comment(&mut parts);
                    break;
                }
                TokenKind::Open => parts.push(self.block()),
                TokenKind::Continue => {
                    self.token(&mut parts);
                    while self.kind().is_some_and(TokenKind::is_comment) {
                        self.token(&mut parts);
                    }
                    self.at += usize::from(self.kind() == Some(TokenKind::Newline));
                }
                TokenKind::SlashDash => {
                    self.token(&mut parts);
                    while self.kind() == Some(TokenKind::Newline) {
                        self.at += 1;
                    }
                }
                TokenKind::Word
                | TokenKind::Text
                | TokenKind::OpenText
                | TokenKind::LineComment
                | TokenKind::Comment
                | TokenKind::OpenComment
                | TokenKind::ParenOpen
                | TokenKind::ParenClose
                | TokenKind::Equals => self.token(&mut parts),
            }
        }
        without_last_break(parts)
    }

    /// Behind a `;`, a comment at the line's end belongs to what stands before it.
    fn trailing_comment(&mut self, parts: &mut Vec<Part>) {
        if self.kind() == Some(TokenKind::LineComment) {
            self.token(parts);
        }
    }

    fn token(&mut self, parts: &mut Vec<Part>) {
        let Some(token) = self.tokens.get(self.at) else { return };
        let before = self.at.checked_sub(1).and_then(|before| self.tokens.get(before));
        let blanks = before.map_or(0, |before| token.range.start.saturating_sub(before.range.end));
        parts.push(Part::Token {
            kind: token.kind,
            range: token.range.clone(),
            blanks,
            begins_line: before.is_none_or(|before| before.kind == TokenKind::Newline),
        });
        self.at += 1;
    }

    fn block(&mut self) -> Part {
        let start = self.at;
        self.at += 1;
        let opening = self.opening();
        let statements = self.statements();
        let inside = self.tokens.get(start..self.at).unwrap_or_default();
        let is_one_line = inside.iter().all(|token| {
            token.kind != TokenKind::Newline
                && token.kind != TokenKind::LineComment
                && !self.text.get(token.range.clone()).unwrap_or_default().contains('\n')
        });
        self.at += 1;
        Part::Block { opening, statements, is_one_line }
    }

    /// Comments between a brace and the end of its line.
    fn opening(&mut self) -> Vec<Part> {
        let behind = self.tokens.get(self.at..).unwrap_or_default();
        let count = behind.iter().take_while(|token| token.kind.is_comment()).count();
        let mut parts = Vec::new();
        if behind.get(count).is_some_and(|next| next.kind == TokenKind::Newline) {
            for _ in 0..count {
                self.token(&mut parts);
            }
        }
        parts
    }
}
