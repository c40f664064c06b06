//! A first look at a text, token by token: words that KDL would not take, strings and braces that do not
//! end. What is wrong is reported and masked by as many `x`, so that all spans stay.

use std::ops::Range;

use stackctl_model::{Finding, SourceId, Span};

use super::DEEPEST;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenKind {
    /// A bare word, number or keyword.
    Word,
    /// A string with its quotes.
    Text,
    /// `// …` up to the line's end.
    LineComment,
    /// `/* … */`
    Comment,
    /// `/-`
    SlashDash,
    /// `{`
    Open,
    /// `}`
    Close,
    /// `;`
    Semicolon,
    /// `(`, `)`, `=` or `\`
    Mark,
    /// The end of a line.
    Newline,
}

/// A token and its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) kind: TokenKind,
    pub(crate) range: Range<usize>,
}

/// What the first look found.
pub(crate) struct Scanned {
    pub(crate) tokens: Vec<Token>,
    pub(crate) findings: Vec<Finding>,
    /// The text with bad words masked.
    pub(crate) masked: String,
    /// Whether strings, comments and braces end.
    pub(crate) is_balanced: bool,
    /// The brace that is too deep.
    pub(crate) too_deep: Option<Span>,
}

/// Takes a first look.
pub(crate) fn scan(source: SourceId, text: &str) -> Scanned {
    let mut scanner = Scanner { source, text, at: 0, tokens: Vec::new(), findings: Vec::new(), is_balanced: true };
    while scanner.at < text.len() {
        scanner.step();
    }
    let mut scanned = Scanned {
        masked: String::new(),
        tokens: scanner.tokens,
        findings: scanner.findings,
        is_balanced: scanner.is_balanced,
        too_deep: None,
    };
    check_braces(source, text, &mut scanned);
    mask_words(source, text, &mut scanned);
    scanned
}

struct Scanner<'t> {
    source: SourceId,
    text: &'t str,
    at: usize,
    tokens: Vec<Token>,
    findings: Vec<Finding>,
    is_balanced: bool,
}

fn is_word(c: char) -> bool {
    !c.is_whitespace() && !matches!(c, '{' | '}' | '(' | ')' | ';' | '=' | '"')
}

impl Scanner<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn take(&mut self, kind: TokenKind, length: usize) {
        self.tokens.push(Token { kind, range: self.at..self.at + length });
        self.at += length;
    }

    fn step(&mut self) {
        let rest = self.rest();
        let Some(first) = rest.chars().next() else { return };
        let hashes = rest.len() - rest.trim_start_matches('#').len();
        let after_hashes = rest.get(hashes..).unwrap_or_default();
        match first {
            '\n' => self.take(TokenKind::Newline, 1),
            '{' => self.take(TokenKind::Open, 1),
            '}' => self.take(TokenKind::Close, 1),
            ';' => self.take(TokenKind::Semicolon, 1),
            '(' | ')' | '=' | '\\' => self.take(TokenKind::Mark, 1),
            '"' => self.string(0),
            '#' if after_hashes.starts_with('"') => self.string(hashes),
            _ if rest.starts_with("//") => {
                let length = rest.find('\n').unwrap_or(rest.len());
                self.take(TokenKind::LineComment, length);
            }
            _ if rest.starts_with("/*") => self.comment(),
            _ if rest.starts_with("/-") => self.take(TokenKind::SlashDash, 2),
            _ if first.is_whitespace() => self.at += first.len_utf8(),
            _ => {
                let length = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
                self.take(TokenKind::Word, length.max(first.len_utf8()));
            }
        }
    }

    /// A string, raw when it begins with hashes; with three quotes it may hold line ends.
    fn string(&mut self, hashes: usize) {
        let rest = self.rest();
        let body = rest.get(hashes..).unwrap_or_default();
        let quotes = if body.starts_with("\"\"\"") { 3 } else { 1 };
        let close = format!("{}{}", "\"".repeat(quotes), "#".repeat(hashes));
        let inner = body.get(quotes..).unwrap_or_default();
        let mut length = None;
        let mut at = 0;
        while let Some(c) = inner.get(at..).and_then(|rest| rest.chars().next()) {
            if inner.get(at..).is_some_and(|rest| rest.starts_with(&close)) {
                length = Some(hashes + quotes + at + close.len());
                break;
            }
            if c == '\n' && quotes == 1 {
                break;
            }
            at += c.len_utf8();
            if c == '\\' && hashes == 0 {
                at += inner.get(at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
            }
        }
        if let Some(length) = length {
            return self.take(TokenKind::Text, length);
        }
        let end = if quotes == 1 { rest.find('\n').unwrap_or(rest.len()) } else { rest.len() };
        let span = Span { source: self.source, start: self.at, end: self.at + hashes + quotes };
        self.findings.push(
            Finding::error("unclosed-string", "this text has no closing quote", span)
                .here("begins here")
                .help(format!("close it with {close}")),
        );
        self.is_balanced = false;
        self.take(TokenKind::Text, end);
    }

    fn comment(&mut self) {
        let rest = self.rest();
        let mut depth = 0_usize;
        let mut at = 0;
        while at < rest.len() {
            let here = rest.get(at..).unwrap_or_default();
            if here.starts_with("/*") {
                depth += 1;
                at += 2;
            } else if here.starts_with("*/") {
                depth -= 1;
                at += 2;
                if depth == 0 {
                    return self.take(TokenKind::Comment, at);
                }
            } else {
                at += here.chars().next().map_or(1, char::len_utf8);
            }
        }
        let span = Span { source: self.source, start: self.at, end: self.at + 2 };
        self.findings.push(
            Finding::error("unclosed-comment", "this comment has no end", span)
                .here("begins here")
                .help("close it with */"),
        );
        self.is_balanced = false;
        self.take(TokenKind::Comment, rest.len());
    }
}

/// Blanks before the first word of the line that a byte is on.
fn indent(text: &str, at: usize) -> usize {
    let start = text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |newline| newline + 1);
    let line = text.get(start..).unwrap_or_default();
    line.len() - line.trim_start_matches([' ', '\t']).len()
}

/// Finds braces without a partner. Of several open ones the culprit is the first that the indentation of a
/// closing one passes over.
fn check_braces(source: SourceId, text: &str, scanned: &mut Scanned) {
    let span = |token: &Token| Span { source, start: token.range.start, end: token.range.end };
    let mut open: Vec<&Token> = Vec::new();
    let mut culprit: Option<&Token> = None;
    let mut slash_dashes = 0;
    for token in &scanned.tokens {
        match token.kind {
            TokenKind::Open => {
                open.push(token);
                if open.len() > DEEPEST && scanned.too_deep.is_none() {
                    scanned.too_deep = Some(span(token));
                }
            }
            TokenKind::Close => match open.pop() {
                None => {
                    scanned.is_balanced = false;
                    scanned.findings.push(
                        Finding::error("unopened-brace", "this } closes nothing", span(token))
                            .help("take it out, or look for a { that is missing above"),
                    );
                }
                Some(opener) => {
                    let closes_less = indent(text, token.range.start) < indent(text, opener.range.start);
                    if closes_less && culprit.is_none() {
                        culprit = Some(opener);
                    }
                }
            },
            TokenKind::SlashDash => slash_dashes += 1,
            TokenKind::Word
            | TokenKind::Text
            | TokenKind::LineComment
            | TokenKind::Comment
            | TokenKind::Semicolon
            | TokenKind::Mark
            | TokenKind::Newline => {}
        }
        // The parser's time grows with the square of these.
        if slash_dashes > 256 && scanned.too_deep.is_none() {
            scanned.too_deep = Some(span(token));
        }
    }
    if let Some(last) = open.last() {
        scanned.is_balanced = false;
        let opener = culprit.unwrap_or(last);
        scanned.findings.push(
            Finding::error("unclosed-brace", "this { is never closed", span(opener))
                .here("begins here")
                .help("add a } where the block ends"),
        );
    }
}

/// What a bare word should have been, when KDL does not take it.
fn mended(word: &str) -> Option<(&'static str, String)> {
    let quoted = || format!("\"{}\"", word.replace('\\', "\\\\"));
    let body = word.strip_prefix(['+', '-']).unwrap_or(word);
    match word {
        "true" | "false" | "null" | "inf" | "-inf" | "nan" => Some(("a keyword needs a #", format!("#{word}"))),
        "#true" | "#false" | "#null" | "#inf" | "#-inf" | "#nan" => None,
        _ if word.starts_with('#') => {
            let near = stackctl_model::closest(word, ["#true", "#false", "#null"]);
            Some(("# begins only #true, #false and #null", near.map_or_else(quoted, str::to_owned)))
        }
        _ if body.starts_with(|c: char| c.is_ascii_digit()) => {
            (!is_number(body)).then(|| ("text that begins with a digit needs quotes", quoted()))
        }
        _ if word.starts_with('.') && word.get(1..).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit())) => {
            Some(("a number begins with a digit", quoted()))
        }
        _ if word.contains(['/', '\\', '[', ']', '#']) => Some(("text with / \\ [ ] or # needs quotes", quoted())),
        _ => None,
    }
}

fn is_number(body: &str) -> bool {
    let radix = |digits: &str, radix: u32| {
        digits.starts_with(|c: char| c.is_digit(radix)) && digits.chars().all(|c| c.is_digit(radix) || c == '_')
    };
    if let Some(digits) = body.strip_prefix("0x") {
        return radix(digits, 16);
    }
    if let Some(digits) = body.strip_prefix("0o") {
        return radix(digits, 8);
    }
    if let Some(digits) = body.strip_prefix("0b") {
        return radix(digits, 2);
    }
    let (number, exponent) = body.split_once(['e', 'E']).map_or((body, None), |(number, exponent)| (number, Some(exponent)));
    let (whole, fraction) = number.split_once('.').map_or((number, None), |(whole, rest)| (whole, Some(rest)));
    let signed = |text: &str| radix(text.strip_prefix(['+', '-']).unwrap_or(text), 10);
    radix(whole, 10) && fraction.is_none_or(|digits| radix(digits, 10)) && exponent.is_none_or(signed)
}

fn mask_words(source: SourceId, text: &str, scanned: &mut Scanned) {
    let mut masked = text.to_owned();
    for token in scanned.tokens.iter().filter(|token| token.kind == TokenKind::Word) {
        let word = text.get(token.range.clone()).unwrap_or_default();
        let Some((reason, fix)) = mended(word) else { continue };
        let span = Span { source, start: token.range.start, end: token.range.end };
        scanned.findings.push(
            Finding::error("bare-word", format!("{word:?} cannot stand bare: {reason}"), span)
                .here(format!("write {fix}"))
                .fix(span, fix),
        );
        masked.replace_range(token.range.clone(), &"x".repeat(token.range.len()));
    }
    scanned.masked = masked;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(text: &str) -> Vec<(&'static str, usize)> {
        let scanned = scan(SourceId(0), text);
        scanned.findings.iter().map(|finding| (finding.code, finding.span().unwrap().start)).collect()
    }

    #[test]
    fn words_that_need_quotes_are_found_all_at_once() {
        let found = codes("a 500m size=10Gi dev=/dev/dri on=true n=0x1F f=1.5e3\n");
        assert_eq!(found, [("bare-word", 2), ("bare-word", 12), ("bare-word", 21), ("bare-word", 33)]);
    }

    #[test]
    fn strings_and_comments_are_no_words() {
        assert_eq!(codes("a \"10Gi /x\" #\"raw \" 1x\"# // 5m\n/* 6m /* 7m */ */ b\n"), []);
    }

    #[test]
    fn the_brace_that_is_not_closed_is_found_by_indentation() {
        let text = "a {\n    b {\n    c\n}\nd {\n    e\n}\n";
        assert_eq!(codes(text), [("unclosed-brace", 10)]);
    }

    #[test]
    fn masking_keeps_every_place() {
        let text = "é 5m é";
        let scanned = scan(SourceId(0), text);
        assert_eq!(scanned.masked, "é xx é");
    }
}
