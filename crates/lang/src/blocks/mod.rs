//! The blocks of a stack: one file each, with what may be written there and what it comes to.

pub(crate) mod alerts;
pub(crate) mod app;
pub(crate) mod auth;
pub(crate) mod backup;
pub(crate) mod cluster;
pub(crate) mod defaults;
pub(crate) mod gateway;
pub(crate) mod gpu;
pub(crate) mod group;
pub(crate) mod include;
mod lines;
pub(crate) mod manifest;
pub(crate) mod node;
mod node_settings;
pub(crate) mod ownership;
pub(crate) mod secret;
pub(crate) mod stack;
pub(crate) mod storage_class;
pub(crate) mod top_level;
pub(crate) mod volume;
