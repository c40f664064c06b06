//! The language through its public door.

mod memory;
mod sketch;
