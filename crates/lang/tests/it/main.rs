//! The language through its public door.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "helpers of tests fail by panicking")]

mod blocks;
#[expect(clippy::disallowed_methods, reason = "a test of time needs a clock")]
mod fuzz;
mod include;
#[expect(clippy::disallowed_methods, reason = "the suite lies in the package of the parser")]
mod kdl_suite;
mod knobs;
mod layout;
mod memory;
mod sketch;
mod syntax;
