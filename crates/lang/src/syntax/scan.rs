//! A text, token by token. Nothing is refused here; what has no end is marked.

use std::ops::Range;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenKind {
    /// A bare word, number or keyword, or what was meant as one.
    Word,
    /// A string with its quotes and hashes.
    Text,
    /// A string whose closing quote is missing.
    OpenText,
    /// `// …` up to the line's end.
    LineComment,
    /// `/* … */`
    Comment,
    /// `/* …` to the end of the file.
    OpenComment,
    /// `/-`
    SlashDash,
    /// `{`
    Open,
    /// `}`
    Close,
    /// `;`
    Semicolon,
    /// `(`
    ParenOpen,
    /// `)`
    ParenClose,
    /// `=`
    Equals,
    /// `\` at a line's end: the statement goes on.
    Continue,
    /// The end of a line.
    Newline,
}

impl TokenKind {
    /// Whether it stands for a value or a name.
    pub(crate) fn is_value(self) -> bool {
        matches!(self, Self::Word | Self::Text | Self::OpenText)
    }

    /// Whether it is one of the comments.
    pub(crate) fn is_comment(self) -> bool {
        matches!(self, Self::LineComment | Self::Comment | Self::OpenComment)
    }
}

/// A token and its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    /// What it is.
    pub(crate) kind: TokenKind,
    /// Where it is.
    pub(crate) range: Range<usize>,
    /// Whether it follows the one before it without a blank.
    pub(crate) is_joined: bool,
}

/// All tokens of a text, comments and line ends included, blanks left out.
pub(crate) fn scan(text: &str) -> Vec<Token> {
    let mut scanner = Scanner { text, at: 0, tokens: Vec::new() };
    if text.starts_with('\u{FEFF}') {
        scanner.at = '\u{FEFF}'.len_utf8();
    }
    while scanner.at < text.len() {
        scanner.step();
    }
    scanner.tokens
}

struct Scanner<'t> {
    text: &'t str,
    at: usize,
    tokens: Vec<Token>,
}

/// What ends a line in KDL.
pub(crate) fn is_newline(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{85}' | '\u{B}' | '\u{C}' | '\u{2028}' | '\u{2029}')
}

fn ends_word(c: char) -> bool {
    c.is_whitespace() || is_newline(c) || matches!(c, '{' | '}' | '(' | ')' | ';' | '=' | '"')
}

impl<'t> Scanner<'t> {
    fn from(&self, at: usize) -> &'t str {
        self.text.get(at..).unwrap_or_default()
    }

    fn take(&mut self, kind: TokenKind, length: usize) {
        let is_joined = self.tokens.last().is_some_and(|last| last.range.end == self.at);
        self.tokens.push(Token { kind, range: self.at..self.at + length, is_joined });
        self.at += length;
    }

    fn step(&mut self) {
        let rest = self.from(self.at);
        let Some(first) = rest.chars().next() else { return };
        match first {
            '\r' if rest.starts_with("\r\n") => self.take(TokenKind::Newline, 2),
            _ if is_newline(first) => self.take(TokenKind::Newline, first.len_utf8()),
            _ if first.is_whitespace() => self.at += first.len_utf8(),
            '{' => self.take(TokenKind::Open, 1),
            '}' => self.take(TokenKind::Close, 1),
            ';' => self.take(TokenKind::Semicolon, 1),
            '(' => self.take(TokenKind::ParenOpen, 1),
            ')' => self.take(TokenKind::ParenClose, 1),
            '=' => self.take(TokenKind::Equals, 1),
            '"' => self.string(0),
            '#' => self.hash(),
            '\\' if continues(rest) => self.take(TokenKind::Continue, 1),
            '/' => self.slash(),
            _ => self.word(),
        }
    }

    fn hash(&mut self) {
        let rest = self.from(self.at);
        let hashes = rest.len() - rest.trim_start_matches('#').len();
        if self.from(self.at + hashes).starts_with('"') {
            self.string(hashes);
        } else {
            self.word();
        }
    }

    fn slash(&mut self) {
        let rest = self.from(self.at);
        if rest.starts_with("//") {
            let length = rest.find(is_newline).unwrap_or(rest.len());
            self.take(TokenKind::LineComment, length);
        } else if rest.starts_with("/*") {
            self.comment();
        } else if rest.starts_with("/-") {
            self.take(TokenKind::SlashDash, 2);
        } else {
            self.word();
        }
    }

    fn word(&mut self) {
        let rest = self.from(self.at);
        let mut before = ' ';
        let mut length = 0;
        for (at, c) in rest.char_indices() {
            let here = self.from(self.at + at);
            let is_comment = here.starts_with("/*") || (here.starts_with("//") && before != ':');
            if at > 0 && (ends_word(c) || is_comment || (c == '\\' && continues(here))) {
                break;
            }
            // The address of `https://…` goes on behind its slashes.
            before = if c == '/' && before == ':' { ':' } else { c };
            length = at + c.len_utf8();
        }
        self.take(TokenKind::Word, length);
    }

    /// A string, raw when it begins with hashes; with three quotes it may hold line ends.
    fn string(&mut self, hashes: usize) {
        let body = self.from(self.at + hashes);
        let is_long = body.strip_prefix("\"\"\"").is_some_and(|rest| rest.starts_with(is_newline));
        let quotes = if is_long { 3 } else { 1 };
        let close = format!("{}{}", "\"".repeat(quotes), "#".repeat(hashes));
        let inner = body.get(quotes..).unwrap_or_default();
        let end = if hashes == 0 { escaped_end(inner, &close) } else { raw_end(inner, &close) };
        let start = hashes + quotes;
        match end {
            Some(end) => self.take(TokenKind::Text, start + end + close.len()),
            None if is_long => self.take(TokenKind::OpenText, start + inner.len()),
            None => {
                let line = inner.find(is_newline).unwrap_or(inner.len());
                self.take(TokenKind::OpenText, start + line);
            }
        }
    }

    fn comment(&mut self) {
        let rest = self.from(self.at);
        let bytes = rest.as_bytes();
        let (mut depth, mut at) = (0_usize, 0);
        while at < bytes.len() {
            match (bytes.get(at), bytes.get(at + 1)) {
                (Some(b'/'), Some(b'*')) => {
                    depth += 1;
                    at += 2;
                }
                (Some(b'*'), Some(b'/')) => {
                    depth -= 1;
                    at += 2;
                    if depth == 0 {
                        return self.take(TokenKind::Comment, at);
                    }
                }
                _ => at += 1,
            }
        }
        self.take(TokenKind::OpenComment, rest.len());
    }
}

/// Whether this `\` has nothing but blanks or a comment behind it.
fn continues(rest: &str) -> bool {
    let behind = rest.get(1..).unwrap_or_default();
    let behind = behind.trim_start_matches(|c: char| c.is_whitespace() && !is_newline(c));
    behind.is_empty() || behind.starts_with(is_newline) || behind.starts_with("//")
}

/// Where a string with escapes ends; one with single quotes may not hold a line end.
fn escaped_end(inner: &str, close: &str) -> Option<usize> {
    let mut chars = inner.char_indices();
    while let Some((at, c)) = chars.next() {
        if c == '"' && inner.get(at..).is_some_and(|rest| rest.starts_with(close)) {
            return Some(at);
        }
        if is_newline(c) && close.len() == 1 {
            return None;
        }
        if c == '\\' {
            let (_, escaped) = chars.next()?;
            if escaped.is_whitespace() {
                let blanks = chars.as_str();
                let skipped = blanks.chars().take_while(|c| c.is_whitespace()).count();
                for _ in 0..skipped {
                    chars.next();
                }
            }
        }
    }
    None
}

fn raw_end(inner: &str, close: &str) -> Option<usize> {
    let end = inner.find(close)?;
    let is_long = close.starts_with("\"\"\"");
    let crosses = inner.get(..end).is_some_and(|body| body.contains(is_newline));
    (is_long || !crosses).then_some(end)
}

#[cfg(test)]
mod tests {
    use super::{TokenKind, scan};

    fn kinds(text: &str) -> Vec<(TokenKind, &str)> {
        scan(text).into_iter().map(|token| (token.kind, &text[token.range])).collect()
    }

    #[test]
    fn strings_hide_what_is_in_them() {
        use TokenKind::{Text, Word};
        assert_eq!(
            kinds(r#"a "x // {" "\"""#),
            [(Word, "a"), (Text, r#""x // {""#), (Text, r#""\"""#)]
        );
        assert_eq!(kinds("##\"a\"#\"##"), [(Text, "##\"a\"#\"##")]);
        assert_eq!(kinds("\"\"\"\n a\" {\n \"\"\""), [(Text, "\"\"\"\n a\" {\n \"\"\"")]);
    }

    #[test]
    fn comments_nest_and_addresses_are_no_comments() {
        use TokenKind::{Comment, LineComment, Newline, Word};
        assert_eq!(kinds("/* a /* b */ c */x"), [(Comment, "/* a /* b */ c */"), (Word, "x")]);
        assert_eq!(kinds("a//b\n"), [(Word, "a"), (LineComment, "//b"), (Newline, "\n")]);
        assert_eq!(kinds("http://b/c"), [(Word, "http://b/c")]);
    }

    #[test]
    fn what_has_no_end_reaches_to_the_end_of_its_line_or_file() {
        use TokenKind::{Newline, OpenComment, OpenText, Word};
        assert_eq!(kinds("\"a\nb"), [(OpenText, "\"a"), (Newline, "\n"), (Word, "b")]);
        assert_eq!(kinds("/* a\nb"), [(OpenComment, "/* a\nb")]);
    }
}
