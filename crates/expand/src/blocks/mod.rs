//! The blocks of a stack to resources, one file per block. Apps come in expanded; what follows from them
//! for the stack as a whole (network policies, settings of other systems) is made here too.

mod alerts;
mod apps;
mod auth;
mod backup;
mod budget;
mod gateway;
mod gpu;
mod host;
mod made;
mod manifest;
mod namespace;
mod network;
pub(crate) mod node;
mod policy;
mod scope;
mod secret;
mod storage_class;
mod unique;
mod volume;
mod wires;
mod wiring;

use stackctl_lang::{Files, Sources, Stack};
use stackctl_model::{Finding, Resource};

use crate::ExpandedApp;
use made::Made;

/// All resources of a stack, those of its apps included, without edges but the ones a manifest asks for.
pub(crate) fn expand_stack(
    stack: &Stack,
    mut apps: Vec<ExpandedApp>,
    files: &dyn Files,
    sources: &mut Sources,
    findings: &mut Vec<Finding>,
) -> Vec<Resource> {
    let manifests = manifest::read(stack, files, sources, findings);
    let objects = apps::take_objects(&mut apps);
    let mut made = Made::new(stack, &apps, sources, findings);
    apps::make(&mut made, objects);
    namespace::make(&mut made);
    storage_class::make(&mut made);
    volume::make(&mut made);
    gateway::make(&mut made);
    secret::make(&mut made);
    node::make(&mut made);
    auth::make(&mut made);
    backup::make(&mut made);
    alerts::make(&mut made);
    wiring::make(&mut made);
    network::make(&mut made);
    manifest::make(&mut made, manifests);
    gpu::check(&mut made);
    host::check(&mut made);
    budget::check(&mut made);
    unique::keep_first(made)
}
