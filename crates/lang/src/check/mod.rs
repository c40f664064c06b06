//! What was written against its declaration.

mod block;
mod value;

pub(crate) use block::suggest;
pub use block::{check_block, check_blocks};
pub(crate) use value::finding as wrong_value;
