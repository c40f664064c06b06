//! References to edges: what each resource names, and whether the stack has it.
//!
//! In: all resources. Out: their `after`, with ids of the stack only. Every lookup is by name or by label,
//! so the work grows with the number of references and not with their square.

mod edges;
mod index;
mod labels;
mod machines;
mod references;

pub(crate) use edges::link;
