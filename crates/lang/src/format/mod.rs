//! The layout of a stack: four blanks a level, one statement a line, at most one empty line. Comments,
//! literals and blanks before a comment at a line's end stay as they are written.

mod lines;
mod printer;

use stackctl_model::{Finding, SourceId};

use crate::syntax::{FileKind, TokenKind, parse, scan};
use lines::statements;

/// Lays a text out. A text with mistakes of syntax is not touched: they are handed back, their spans in
/// source 0.
pub fn format(text: &str) -> Result<String, Vec<Finding>> {
    let parsed = parse(SourceId(0), text, FileKind::Module);
    let refused: Vec<Finding> = parsed.findings.into_iter().filter(is_of_syntax).collect();
    if !refused.is_empty() || parsed.blocks.is_none() {
        return Err(refused);
    }
    let tokens = scan(text);
    let printed = printer::print(text, &statements(text, &tokens));
    // Whatever a layout does, it keeps every word and comment; else the text is better left alone.
    Ok(if words(&printed) == words(text) { printed } else { text.to_owned() })
}

/// A mistake in what an annotation says is no mistake of layout.
fn is_of_syntax(finding: &Finding) -> bool {
    !matches!(
        finding.code.as_ref(),
        "unknown-annotation"
            | "stray-annotation"
            | "bad-secret"
            | "wrong-type"
            | "said-twice"
            | "bad-number"
    )
}

/// All tokens but those of the layout.
fn words(text: &str) -> Vec<&str> {
    let is_layout =
        |kind| matches!(kind, TokenKind::Newline | TokenKind::Semicolon | TokenKind::Continue);
    scan(text)
        .into_iter()
        .filter(|token| !is_layout(token.kind))
        .filter_map(|token| text.get(token.range).map(str::trim_end))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::format;

    #[track_caller]
    fn laid_out(text: &str, expected: &str) {
        assert_eq!(format(text).unwrap(), expected);
        assert_eq!(format(expected).unwrap(), expected, "laid out twice");
    }

    #[test]
    fn levels_are_four_blanks_and_statements_have_lines_of_their_own() {
        laid_out("a{\n b 1;c\n  d {\n}\n}", "a {\n    b 1\n    c\n    d {}\n}\n");
    }

    #[test]
    fn short_blocks_of_one_line_stay_on_it() {
        laid_out("app x {a 1;b}\n", "app x { a 1; b; }\n");
        laid_out("a { b { c { d 120; }; }; }", "a { b { c { d 120; }; }; }\n");
        let long = format!("a {{ {}; {}; }}\n", "b".repeat(60), "c".repeat(60));
        laid_out(&long, &format!("a {{\n    {}\n    {}\n}}\n", "b".repeat(60), "c".repeat(60)));
    }

    #[test]
    fn comments_and_single_empty_lines_stay() {
        laid_out(
            "\n\n// top\n\n\na { // here\n\n  b   // aligned\n  /* in */ c /* mid */ 1\n\n  // last\n\n}\n\n\n",
            "// top\n\na { // here\n    b   // aligned\n    /* in */ c /* mid */ 1\n\n    // last\n}\n",
        );
    }

    #[test]
    fn literals_stay_as_they_are_written() {
        let text = "a 0o755 1_000 \"\\u{41}\" #\"raw\"# key=(env)X \"quoted\"=2\nb \"\"\"\n  long\n    text\n  \"\"\"\n";
        laid_out(text, text);
        laid_out("a  k = 1  ( env )  X", "a k=1 (env)X\n");
    }

    #[test]
    fn what_is_commented_out_stays_commented_out() {
        laid_out(
            "a /- b  c\n/-  d {\n e\n}\nf /-{\n g\n}\n",
            "a /-b c\n/-d {\n    e\n}\nf /-{\n    g\n}\n",
        );
    }

    #[test]
    fn a_statement_that_goes_on_stays_broken() {
        laid_out("a 1 \\\n 2 \\ // why\n   3\nb\n", "a 1 \\\n    2 \\ // why\n    3\nb\n");
    }

    #[test]
    fn broken_texts_are_not_touched() {
        assert_eq!(
            format("a 500m\n").unwrap_err().first().map(|finding| finding.code.as_ref()),
            Some("needs-quotes")
        );
        assert!(format("a {\n").is_err());
    }

    #[test]
    fn nothing_stays_nothing() {
        laid_out("", "");
        laid_out("\n\n", "");
        laid_out("// a", "// a\n");
        laid_out("a\n\\\n\n\nb", "a\n\nb\n");
    }
}
