//! The modules of a run: embedded ones, those beside the stack, and what they inherit of each other.

mod embedded;
pub(crate) mod inherit;
pub(crate) mod library;
pub(crate) mod module_words;
