//! Tokens to a text that the parser takes. Whatever it would stumble over is told and mended here, so that
//! one mistake never hides another.

use std::ops::Range;

use stackctl_model::{Finding, SourceId, Span};

use super::braces::{Repair, balance};
use super::clean::Clean;
use super::scan::{Token, TokenKind, is_newline};
use super::text_token;
use super::words::{Mend, mend};
use crate::secrecy::{is_secret_word, secret_in_text};

/// The word of a block that has none; no text can hold it without being told so.
pub(super) const NAMELESS: &str = "\u{E000}";

/// Puts the text together anew; what was mended is among the findings.
pub(super) fn rebuild(source: SourceId, text: &str, tokens: &[Token]) -> (Clean, Vec<Finding>) {
    let mut repair = balance(source, text, tokens);
    let findings = std::mem::take(&mut repair.findings);
    let mut builder = Builder {
        source,
        text,
        tokens,
        repair,
        at: 0,
        depth: 0,
        role: "",
        is_secret: false,
        begun: (0, 0),
        is_behind_block: false,
        clean: Clean::default(),
        findings,
    };
    while builder.at < tokens.len() {
        builder.close_missing();
        if builder.depth == 0 {
            builder.clean.begin();
        }
        builder.statement();
    }
    builder.close_missing();
    for _ in 0..builder.depth {
        builder.clean.gap("}\n");
    }
    (builder.clean, builder.findings)
}

pub(super) struct Builder<'t> {
    source: SourceId,
    pub(super) text: &'t str,
    pub(super) tokens: &'t [Token],
    repair: Repair,
    pub(super) at: usize,
    depth: usize,
    /// The word or property that values are said of.
    pub(super) role: &'t str,
    /// Whether this is inside of a `secret` block.
    is_secret: bool,
    /// Where the statement begins in the new text.
    begun: (usize, usize),
    /// Whether the statement's block, commented out, is behind us: no value may follow.
    pub(super) is_behind_block: bool,
    pub(super) clean: Clean,
    pub(super) findings: Vec<Finding>,
}

impl<'t> Builder<'t> {
    pub(super) fn peek(&self) -> Option<&'t Token> {
        self.tokens.get(self.at)
    }

    pub(super) fn kind(&self) -> Option<TokenKind> {
        self.peek().map(|token| token.kind)
    }

    pub(super) fn written(&self, range: &Range<usize>) -> &'t str {
        self.text.get(range.clone()).unwrap_or_default()
    }

    pub(super) fn span(&self, range: &Range<usize>) -> Span {
        Span { source: self.source, start: range.start, end: range.end }
    }

    pub(super) fn find(
        &mut self,
        code: &'static str,
        message: &str,
        range: &Range<usize>,
        help: &str,
    ) {
        let finding = Finding::error(code, message, self.span(range));
        self.findings.push(if help.is_empty() { finding } else { finding.help(help) });
    }

    fn close_missing(&mut self) {
        if let Some(count) = self.repair.close_before.remove(&self.at) {
            for _ in 0..count.min(self.depth) {
                self.depth -= 1;
                self.is_secret &= self.depth > 0;
                self.clean.gap("}\n");
            }
        }
    }

    /// Between statements: the next statement, a closing brace, or nothing worth a word.
    fn statement(&mut self) {
        let Some(token) = self.peek() else { return };
        match token.kind {
            TokenKind::Newline
            | TokenKind::Semicolon
            | TokenKind::Continue
            | TokenKind::LineComment
            | TokenKind::Comment => self.at += 1,
            TokenKind::OpenComment => self.open_comment(token),
            TokenKind::Close => self.close(token),
            TokenKind::SlashDash => self.comment_out_statement(token),
            TokenKind::Open => self.nameless(token),
            TokenKind::Equals | TokenKind::ParenClose => {
                self.find("stray-sign", "a line begins with a word", &token.range, "");
                self.at += 1;
            }
            TokenKind::ParenOpen | TokenKind::Word | TokenKind::Text | TokenKind::OpenText => {
                self.node();
            }
        }
    }

    fn open_comment(&mut self, token: &Token) {
        let start = token.range.start..token.range.start + 2;
        self.find(
            "unclosed-comment",
            "this comment is never closed",
            &start,
            "Put a `*/` where it ends.",
        );
        self.at += 1;
    }

    fn close(&mut self, token: &Token) {
        if !self.repair.dropped.contains(&self.at) && self.depth > 0 {
            self.depth -= 1;
            self.is_secret &= self.depth > 0;
            self.clean.push("}", token.range.clone());
            self.clean.gap("\n");
        }
        self.at += 1;
        self.behind_block();
    }

    /// Behind `}` comes a line's end, `;`, or another `}`.
    fn behind_block(&mut self) {
        loop {
            match self.kind() {
                Some(TokenKind::Comment) => self.at += 1,
                Some(TokenKind::SlashDash) => self.comment_out_entry(),
                _ => break,
            }
        }
        if let Some(token) = self.peek().filter(|token| token.kind.is_value()) {
            self.find(
                "no-line-end",
                "a `;` or a new line is missing before this",
                &token.range,
                "",
            );
        }
    }

    /// `{` without a word: its lines are read, under a word of no meaning.
    fn nameless(&mut self, token: &Token) {
        self.find(
            "nameless-block",
            "this block has no word before its `{`",
            &token.range,
            "Write the word on the same line as the `{`.",
        );
        self.clean.push(&format!("{NAMELESS} {{"), token.range.clone());
        self.clean.gap("\n");
        self.depth += 1;
        self.at += 1;
    }

    fn node(&mut self) {
        self.begun = self.clean.mark();
        self.is_behind_block = false;
        self.annotation();
        match self.peek() {
            Some(token) if token.kind.is_value() => self.value(token, ""),
            Some(_) | None => self.annotated_nothing(),
        }
        let name = self.at.saturating_sub(1);
        while self.entry(name) {}
    }

    /// One step inside a statement; false when it is over.
    fn entry(&mut self, name: usize) -> bool {
        let Some(token) = self.peek() else {
            self.clean.gap("\n");
            return false;
        };
        match token.kind {
            TokenKind::Newline | TokenKind::Semicolon => {
                self.at += 1;
                self.clean.gap("\n");
                return false;
            }
            TokenKind::Close => {
                self.clean.gap("\n");
                return false;
            }
            TokenKind::Open => {
                self.block(token, name);
                return false;
            }
            TokenKind::LineComment | TokenKind::Comment => self.at += 1,
            TokenKind::OpenComment => self.open_comment(token),
            TokenKind::Continue => self.go_on(),
            TokenKind::SlashDash => self.comment_out_entry(),
            TokenKind::Equals if self.at == name + 1 => self.begins_with_property(name, token),
            TokenKind::Equals | TokenKind::ParenClose => self.stray(token),
            TokenKind::ParenOpen | TokenKind::Word | TokenKind::Text | TokenKind::OpenText => {
                if std::mem::take(&mut self.is_behind_block) {
                    self.find(
                        "no-line-end",
                        "a value stands before the block, not behind it",
                        &token.range,
                        "",
                    );
                }
                if self.is_joined(token) {
                    self.joined(token);
                } else {
                    self.clean.gap(" ");
                    self.argument_or_property(name);
                }
            }
        }
        true
    }

    /// Whether a value stands right behind another.
    pub(super) fn is_joined(&self, token: &Token) -> bool {
        let before = self.at.checked_sub(1).and_then(|before| self.tokens.get(before));
        token.is_joined
            && before.is_some_and(|before| {
                before.kind.is_value() || before.kind == TokenKind::ParenClose
            })
    }

    /// `TZ="…"` on a line of its own.
    fn begins_with_property(&mut self, name: usize, token: &Token) {
        let start = self.tokens.get(name).map_or(token.range.start, |name| name.range.start);
        let range = start..token.range.end;
        self.find(
            "nameless-block",
            "`name=value` cannot begin a line",
            &range,
            "Put it behind the word it belongs to, or write a blank in place of the `=`.",
        );
        self.clean.cut(self.begun);
        self.clean.gap(NAMELESS);
        self.at += 1;
    }

    /// `\`, perhaps a comment, and the line's end.
    pub(super) fn go_on(&mut self) {
        self.at += 1;
        while self.kind().is_some_and(TokenKind::is_comment) {
            self.at += 1;
        }
        if self.kind() == Some(TokenKind::Newline) {
            self.at += 1;
        }
    }

    fn block(&mut self, token: &Token, name: usize) {
        let word = self.tokens.get(name).map(|name| self.written(&name.range));
        self.is_secret |= self.depth == 0 && word == Some("secret");
        self.clean.gap(" ");
        self.clean.push("{", token.range.clone());
        self.clean.gap("\n");
        self.depth += 1;
        self.at += 1;
    }

    fn argument_or_property(&mut self, name: usize) {
        let start = self.at;
        let mark = self.clean.mark();
        self.annotation();
        let Some(token) = self.peek().filter(|token| token.kind.is_value()) else {
            self.clean.cut(mark);
            self.without_value(start);
            return;
        };
        if self.tokens.get(self.at + 1).is_some_and(|next| next.kind == TokenKind::Equals) {
            self.value(token, "");
            self.property(token, mark);
        } else {
            let word =
                self.tokens.get(name).map(|name| self.written(&name.range)).unwrap_or_default();
            self.value(token, word);
        }
    }

    /// Behind a property's name, at its `=`.
    fn property(&mut self, key: &Token, mark: (usize, usize)) {
        let equals = self.at;
        if let Some(token) = self.peek() {
            self.clean.push("=", token.range.clone());
        }
        self.at += 1;
        self.annotation();
        match self.peek() {
            Some(token) if token.kind.is_value() => self.value(token, self.written(&key.range)),
            Some(_) | None => {
                self.clean.cut(mark);
                self.without_value(equals);
            }
        }
    }

    fn without_value(&mut self, sign: usize) {
        let Some(token) = self.tokens.get(sign) else { return };
        self.find(
            "no-value",
            "a value is missing here",
            &token.range,
            "Write it right behind, in quotes when in doubt.",
        );
    }

    /// Whether what is said here may be a secret, which no message repeats.
    pub(super) fn is_secret(&self) -> bool {
        self.is_secret || is_secret_word(self.role)
    }

    /// A value or a name as the parser takes it; `role` is the word or property it is said of.
    pub(super) fn value(&mut self, token: &Token, role: &'t str) {
        self.at += 1;
        self.role = role;
        let written = self.written(&token.range);
        let mended = match token.kind {
            TokenKind::Word => mend(written),
            TokenKind::Text => text_token::mend_text(written),
            _ => Some(text_token::mend_open(written)),
        };
        match mended {
            None => self.clean.push(written, token.range.clone()),
            Some(mended) => {
                self.clean.push(&mended.text, token.range.clone());
                self.mended(token, mended);
            }
        }
    }

    fn mended(&mut self, token: &Token, mended: Mend) {
        let span = self.span(&token.range);
        if self.is_secret() {
            let place = Span { end: span.start, ..span };
            self.findings.push(secret_in_text(place));
            return;
        }
        let finding = Finding::error(mended.code, mended.message, span).here(mended.here);
        let is_one_line = !self.written(&token.range).contains(is_newline);
        self.findings.push(if is_one_line { finding.fix(span, mended.text) } else { finding });
    }
}
