//! Secrets that were written as text: how they are recognised, and what is said without showing them.

use stackctl_model::{Finding, Span};

use crate::codes::SECRET_IN_TEXT;

/// Whether a word or property of this name holds a secret, going by the name.
pub(crate) fn is_secret_word(name: &str) -> bool {
    let name = name.trim_matches('"').to_ascii_lowercase();
    ["key", "token", "password", "passwd", "secret"].iter().any(|end| name.ends_with(end))
}

/// Said of a secret written as text, without showing it.
pub(crate) fn secret_in_text(place: Span) -> Finding {
    Finding::error(SECRET_IN_TEXT, "a secret is written here as text", place)
        .help("A secret is a reference: write (env)\"NAME\", (file)\"path\" or (sops)\"file#key\".")
}
