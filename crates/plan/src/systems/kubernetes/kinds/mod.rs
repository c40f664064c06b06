//! What is known of each kind of object, one row for each: whether it holds data, what of it cannot be
//! changed, how it is made anew, when it goes and when it is ready. A file is a family of kinds. What is in
//! no row is judged by [`unknown`].

mod access;
mod batch;
mod certificate;
mod claim;
mod cluster;
mod config;
mod database;
mod definition;
mod gateway;
mod longhorn;
mod monitoring;
mod network;
mod policy;
mod readiness;
mod rules;
mod storage;
mod table;
mod unknown;
mod workload;

pub use readiness::{ClaimBinding, Readiness, ReadinessContext};

pub use rules::{
    Beside, Data, Holding, Immutable, KindRules, Prefix, Removal, ReplaceRule, ReplacementEffect,
    Stopping, Waiting,
};

pub use table::{is_known, kinds, readiness, rules};

pub(crate) use table::{rules_of_id, rules_of_object};
