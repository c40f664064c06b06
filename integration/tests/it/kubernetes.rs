//! The Kubernetes target on a real API server, driven by the engine as the commands drive it. Each test
//! is a stack of its own, in a namespace of its own.

mod guard;
mod lab;
mod reach;
mod second_plan;
mod secrets;
mod waiting;
mod writes;
