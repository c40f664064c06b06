//! The executor with a real target behind it.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests drive files and may panic"
)]

mod execute;
mod faults;
mod plans;
mod stop;
mod systems;
