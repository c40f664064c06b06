//! Blocks against declarations.

use stackctl_model::Finding;

use crate::{Block, Knob, Names};

/// Checks blocks that stand together against what may stand there.
pub fn check_blocks(_blocks: &[Block], _knobs: &[Knob], _names: &Names) -> Vec<Finding> {
    Vec::new()
}

/// Checks one block against its declaration.
pub fn check_block(_block: &Block, _knob: &Knob, _names: &Names) -> Vec<Finding> {
    Vec::new()
}
