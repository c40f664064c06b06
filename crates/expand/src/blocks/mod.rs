//! The blocks of a stack to resources, one file per block. Apps come in expanded; what follows from them
//! for the stack as a whole (network policies, settings of other systems) is made here too.

mod alerts;
mod app_settings;
mod apps;
mod attributes;
mod auth;
mod backup;
mod builder;
mod connections;
mod declared;
mod gateway;
mod gpu;
mod host;
mod kind_scopes;
mod manifest;
mod manifest_object;
mod namespace;
mod network;
pub(crate) mod node;
mod policy;
mod secret;
mod storage_class;
mod table;
mod unique;
mod volume;

pub(crate) use table::expand_stack;
