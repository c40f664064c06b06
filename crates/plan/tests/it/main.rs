//! Tests of the planner as its users call it.
