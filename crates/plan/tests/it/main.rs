//! Tests of the planner as its users call it.

mod compare;
mod lab;
mod laws;
mod order;
