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
mod namespace;
mod network;
pub(crate) mod node;
mod policy;
mod secret;
mod storage_class;
mod unique;
mod volume;

use stackctl_lang::{Files, Sources, Stack};
use stackctl_model::{Declared, Finding, Resource};

use crate::expanded_app::ExpandedApp;
use builder::StackBuilder;

/// All resources of a stack, those of its apps included, without edges but the ones a manifest asks for.
pub(crate) fn expand_stack(
    stack: &Stack,
    mut apps: Vec<ExpandedApp>,
    files: &dyn Files,
    sources: &mut Sources,
    findings: &mut Vec<Finding>,
) -> (Vec<Resource>, Declared) {
    let manifests = manifest::read(stack, files, sources, findings);
    let objects = apps::take_objects(&mut apps);
    let mut builder = StackBuilder::new(stack, &apps, sources, findings);
    apps::make(&mut builder, objects);
    namespace::make(&mut builder);
    storage_class::make(&mut builder);
    volume::make(&mut builder);
    gateway::make(&mut builder);
    secret::make(&mut builder);
    node::make(&mut builder);
    auth::make(&mut builder);
    backup::make(&mut builder);
    alerts::make(&mut builder);
    app_settings::make(&mut builder);
    network::make(&mut builder);
    manifest::make(&mut builder, manifests);
    let declared = declared::declared(&builder);
    (unique::keep_first(builder), declared)
}
