//! Statements to text.

use std::ops::Range;

use super::lines::{Part, Statement};
use crate::syntax::TokenKind;

/// The longest line that a block of one line may make.
const WIDEST: usize = 100;

/// Prints statements.
pub(super) fn print(text: &str, statements: &[Statement]) -> String {
    let mut printer = Printer { text, out: String::new(), line: 0 };
    printer.statements(statements, 0);
    printer.out
}

struct Printer<'t> {
    text: &'t str,
    out: String,
    /// Where the line that is being printed begins.
    line: usize,
}

impl<'t> Printer<'t> {
    fn statements(&mut self, statements: &[Statement], depth: usize) {
        for statement in statements {
            if statement.has_gap {
                self.out.push('\n');
            }
            self.line = self.out.len();
            self.indent(depth);
            self.statement(statement, depth, false);
            self.out.push('\n');
        }
    }

    fn indent(&mut self, depth: usize) {
        self.out.push_str(&"    ".repeat(depth));
    }

    fn written(&self, range: &Range<usize>) -> &'t str {
        self.text.get(range.clone()).unwrap_or_default().trim_end()
    }

    fn statement(&mut self, statement: &Statement, depth: usize, is_inside: bool) {
        let mut before: Option<TokenKind> = None;
        for part in &statement.parts {
            match part {
                Part::Token { kind, range, blanks, begins_line } => {
                    if before == Some(TokenKind::Continue) && !kind.is_comment() {
                        self.out.push('\n');
                        self.line = self.out.len();
                        self.indent(depth + 1);
                    } else {
                        let blanks = if *begins_line { 1 } else { *blanks };
                        self.blank(before, *kind, blanks);
                    }
                    let is_comment_of_break =
                        before == Some(TokenKind::Continue) && kind.is_comment();
                    self.out.push_str(self.written(range));
                    before =
                        if is_comment_of_break { Some(TokenKind::Continue) } else { Some(*kind) };
                }
                Part::Block { opening, statements, is_one_line } => {
                    if !matches!(before, None | Some(TokenKind::SlashDash)) {
                        self.out.push(' ');
                    }
                    before = Some(TokenKind::Close);
                    if statements.is_empty() && opening.is_empty() {
                        self.out.push_str("{}");
                    } else if is_inside {
                        self.on_one_line(statements, depth);
                    } else if !*is_one_line || !self.fits(statements, depth) {
                        self.over_lines(opening, statements, depth);
                    }
                }
            }
        }
    }

    /// The blank between two tokens.
    fn blank(&mut self, before: Option<TokenKind>, kind: TokenKind, blanks: usize) {
        let Some(before) = before else { return };
        let is_tight = matches!(
            before,
            TokenKind::Equals | TokenKind::ParenOpen | TokenKind::ParenClose | TokenKind::SlashDash
        ) || matches!(kind, TokenKind::Equals | TokenKind::ParenClose);
        if kind == TokenKind::LineComment {
            self.out.push_str(&" ".repeat(blanks.max(1)));
        } else if !is_tight || kind.is_comment() || before.is_comment() {
            self.out.push(' ');
        }
    }

    /// Prints a block on one line, if that is short enough.
    fn fits(&mut self, statements: &[Statement], depth: usize) -> bool {
        let mark = self.out.len();
        self.on_one_line(statements, depth);
        let line = self.out.get(self.line..).unwrap_or_default();
        let is_short = !line.contains('\n') && line.chars().count() <= WIDEST;
        if !is_short {
            self.out.truncate(mark);
        }
        is_short
    }

    fn on_one_line(&mut self, statements: &[Statement], depth: usize) {
        self.out.push_str("{ ");
        for statement in statements {
            self.statement(statement, depth, true);
            self.out.push_str("; ");
        }
        self.out.push('}');
    }

    fn over_lines(&mut self, opening: &[Part], statements: &[Statement], depth: usize) {
        self.out.push('{');
        for part in opening {
            if let Part::Token { kind, range, blanks, .. } = part {
                self.blank(Some(TokenKind::Open), *kind, *blanks);
                self.out.push_str(self.written(range));
            }
        }
        self.out.push('\n');
        self.statements(statements, depth + 1);
        self.line = self.out.len();
        self.indent(depth);
        self.out.push('}');
    }
}
