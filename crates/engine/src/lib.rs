//! Observes targets, carries out plans, retries, and tells events.

mod target;

pub use target::{Observation, OnMissing, SecretData, Target, TargetError};
