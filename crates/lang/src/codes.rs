//! Codes of findings that more than one file asks about.

/// Of a bare word that KDL does not take.
pub(crate) const NEEDS_QUOTES: &str = "needs-quotes";

/// Of a secret written as text; nothing else is said of the same place, since it could show the secret.
pub(crate) const SECRET_IN_TEXT: &str = "secret-in-text";
