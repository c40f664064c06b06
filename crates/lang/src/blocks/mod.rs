//! The blocks of a stack: one file each, with what may be written and what it comes to.

use crate::Knob;

/// The declarations of all top-level blocks.
pub fn top_level() -> Vec<Knob> {
    Vec::new()
}
