//! Values as one writes them.

/// A text as one writes it: bare where that is allowed beyond doubt, else in quotes.
pub(crate) fn as_written(text: &str) -> String {
    let is_plain = text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
        && !matches!(text, "true" | "false" | "null" | "inf" | "nan");
    if is_plain { text.to_owned() } else { format!("{text:?}") }
}
