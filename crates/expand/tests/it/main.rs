//! Stacks to resources, through the crate's public face.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests read files and may panic"
)]

mod examples;
mod gateway;
mod lab;
mod link;
mod manifest;
mod modules;
mod network;
mod own_words;
mod settings;
mod storage;
mod templates;
