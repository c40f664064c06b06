//! Bare words that KDL does not take, and how to write them.

use stackctl_model::closest;

use crate::codes::NEEDS_QUOTES;

/// What is wrong with a bare word and what to write instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mend {
    pub(super) code: &'static str,
    pub(super) message: String,
    pub(super) here: String,
    /// A token that KDL takes and that means what was meant.
    pub(super) text: String,
}

const KEYWORDS: [&str; 6] = ["#true", "#false", "#null", "#inf", "#-inf", "#nan"];

/// `None` when the word is fine as it stands.
pub(super) fn mend(word: &str) -> Option<Mend> {
    if KEYWORDS.contains(&word) {
        return None;
    }
    if let Some(keyword) = KEYWORDS.iter().find(|keyword| keyword.strip_prefix('#') == Some(word)) {
        return Some(Mend {
            code: "needs-hash",
            message: format!("`{word}` needs a # in front"),
            here: format!("write {keyword}"),
            text: (*keyword).to_owned(),
        });
    }
    if word.starts_with('#') {
        return Some(misspelt_keyword(word));
    }
    if let Some(bad) = word.chars().find(|c| is_forbidden(*c)) {
        return Some(Mend {
            code: "bad-character",
            message: format!("the character U+{:04X} may not stand in a stack", u32::from(bad)),
            here: "take it out".to_owned(),
            text: quoted(&word.chars().filter(|c| !is_forbidden(*c)).collect::<String>()),
        });
    }
    if let Some(mend) = foreign(word) {
        return Some(mend);
    }
    needs_quotes(word).map(|message| Mend {
        code: NEEDS_QUOTES,
        message,
        here: "put it in quotes".to_owned(),
        text: quoted(word),
    })
}

/// Brackets and quotes of other languages.
fn foreign(word: &str) -> Option<Mend> {
    let bare = |signs: &[char]| {
        let bare = word.trim_matches(signs);
        quoted(if bare.is_empty() { word } else { bare })
    };
    if word.starts_with('[') || word.ends_with(']') {
        return Some(Mend {
            code: NEEDS_QUOTES,
            message: "a list has no brackets here".to_owned(),
            here: "write one value behind the other, without commas".to_owned(),
            text: bare(&['[', ']', ',']),
        });
    }
    word.starts_with('\'').then(|| Mend {
        code: NEEDS_QUOTES,
        message: "text stands in double quotes".to_owned(),
        here: "write \" in place of '".to_owned(),
        text: bare(&['\'']),
    })
}

fn misspelt_keyword(word: &str) -> Mend {
    let near = closest(word, KEYWORDS);
    Mend {
        code: NEEDS_QUOTES,
        message: format!("`{word}` is none of #true, #false and #null"),
        here: near.map_or("put it in quotes".to_owned(), |near| format!("did you mean {near}?")),
        text: near.map_or_else(|| quoted(word), str::to_owned),
    }
}

fn needs_quotes(word: &str) -> Option<String> {
    let unsigned = word.strip_prefix(['+', '-']).unwrap_or(word);
    let begins_with_digit = |text: &str| text.starts_with(|c: char| c.is_ascii_digit());
    if begins_with_digit(unsigned) {
        if !is_number(unsigned) {
            return Some(format!("`{word}` begins with a digit but is no number"));
        }
        return is_huge(unsigned).then(|| format!("`{word}` is too large for a number"));
    }
    if unsigned.strip_prefix('.').is_some_and(begins_with_digit) {
        return Some(format!("`{word}` is no number; one begins with a digit"));
    }
    let c = word.chars().find(|c| matches!(c, '/' | '\\' | '[' | ']' | '#'))?;
    Some(format!("text with `{c}` in it needs quotes"))
}

/// A token for any text.
pub(super) fn quoted(text: &str) -> String {
    let mut token = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => token.extend(['\\', c]),
            _ => token.push(c),
        }
    }
    token.push('"');
    token
}

/// What KDL allows nowhere in a text, and the marks that stages of this program use for themselves.
pub(super) fn is_forbidden(c: char) -> bool {
    matches!(c, '\0'..='\u{8}' | '\u{E}'..='\u{1F}' | '\u{7F}' | '\u{200E}'..='\u{200F}'
        | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}' | '\u{E000}'..='\u{E002}')
}

/// More digits than 64 bits hold.
fn is_huge(number: &str) -> bool {
    let digits =
        number.bytes().take_while(|b| b.is_ascii_hexdigit() || matches!(b, b'x' | b'o' | b'_'));
    digits.count() > 18
}

fn is_number(unsigned: &str) -> bool {
    for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] {
        if let Some(digits) = unsigned.strip_prefix(prefix) {
            return is_digits(digits, radix);
        }
    }
    let (number, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((number, exponent)) => (number, Some(exponent)),
        None => (unsigned, None),
    };
    let (whole, fraction) = match number.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (number, None),
    };
    let exponent = exponent.map(|text| text.strip_prefix(['+', '-']).unwrap_or(text));
    is_digits(whole, 10)
        && fraction.is_none_or(|digits| is_digits(digits, 10))
        && exponent.is_none_or(|digits| is_digits(digits, 10))
}

fn is_digits(text: &str, radix: u32) -> bool {
    text.starts_with(|c: char| c.is_digit(radix))
        && text.chars().all(|c| c.is_digit(radix) || c == '_')
}

#[cfg(test)]
mod tests {
    use super::mend;

    #[test]
    fn words_get_the_quotes_or_the_hash_they_need() {
        for (word, text) in [
            ("500m", "\"500m\""),
            ("2..4", "\"2..4\""),
            ("/dev/dri", "\"/dev/dri\""),
            ("Europe/Berlin", "\"Europe/Berlin\""),
            ("true", "#true"),
            ("#ture", "#true"),
            ("10.0.0.1", "\"10.0.0.1\""),
            (".5", "\".5\""),
            ("a\\b", "\"a\\\\b\""),
        ] {
            assert_eq!(mend(word).map(|mend| mend.text).as_deref(), Some(text), "{word}");
        }
    }

    #[test]
    fn what_kdl_takes_is_left_alone() {
        for word in [
            "jellyfin",
            "fs.inotify.x",
            "-",
            "--flag",
            "0x1F",
            "1_000",
            "-2.5e-3",
            "#false",
            "a,b",
            "é",
            "*",
        ] {
            assert_eq!(mend(word), None, "{word}");
        }
    }
}
