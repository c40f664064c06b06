//! What a file is, as far as its syntax is concerned.

/// What a text is part of: `(knob)` means something only in a module.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FileKind {
    /// A stack or one of its parts.
    Stack,
    /// A `module.kdl`.
    Module,
}
