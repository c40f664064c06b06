//! Files to stacks and modules: what is read, in which order, and all that is wrong with it.

mod assemble;
mod effects;
mod in_order;
mod include;
mod knob;
mod module;
mod paths;
mod stack_file;

pub use in_order::in_order;
pub use module::read_module;
pub use stack_file::read_stack;
