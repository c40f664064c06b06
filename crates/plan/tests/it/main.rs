//! Tests of the planner as its users call it.
#![allow(clippy::unwrap_used, reason = "a test that fails may panic")]

mod compare;
mod kinds;
mod lab;
mod laws;
mod nodes;
mod order;
mod questions;
