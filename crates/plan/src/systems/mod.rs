//! What each system's things are: what differs, what holds data, what goes, when it is ready. Pure rules.

pub mod kubernetes;
pub(crate) mod machine;
