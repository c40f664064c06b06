//! One file per command: what it does with its arguments.

pub(crate) mod apply;
pub(crate) mod check;
pub(crate) mod completions;
pub(crate) mod destroy;
pub(crate) mod diff;
pub(crate) mod doctor;
pub(crate) mod explain;
pub(crate) mod fmt;
pub(crate) mod graph;
pub(crate) mod history;
pub(crate) mod init;
pub(crate) mod module;
pub(crate) mod plan;
pub(crate) mod render;
pub(crate) mod retired;
pub(crate) mod rollback;
pub(crate) mod show;
pub(crate) mod unlock;
