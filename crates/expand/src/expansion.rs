//! A stack to its resources: apps first, then blocks, then edges.

use stackctl_lang::{Files, Sources, Stack, in_order};
use stackctl_model::{Declared, Finding, Resource};

use crate::app::expand_apps;
use crate::blocks::expand_stack;
use crate::claim::Claim;
use crate::link::link;
use crate::modules::library::Library;

/// What a stack comes to.
#[derive(Debug, Default)]
pub struct Expansion {
    /// Sorted by id, edges set.
    pub resources: Vec<Resource>,
    /// What it declares beside them.
    pub declared: Declared,
    /// What the apps' own volumes ask for, in the order of the file.
    pub claims: Vec<Claim>,
    /// Everything wrong with it, in the order of the text.
    pub findings: Vec<Finding>,
}

/// Turns a stack into resources. All that is wrong is said at once; with an error among the findings the
/// resources are incomplete.
pub fn expand(
    stack: &Stack,
    library: &Library,
    files: &dyn Files,
    sources: &mut Sources,
) -> Expansion {
    let mut findings = Vec::new();
    let mut apps = expand_apps(stack, library, sources, &mut findings);
    let claims = apps.iter_mut().flat_map(|app| std::mem::take(&mut app.claims)).collect();
    let (mut resources, declared) = expand_stack(stack, apps, files, sources, &mut findings);
    link(&mut resources, stack);
    resources.sort_by(|a, b| a.id.cmp(&b.id));
    Expansion { resources, declared, claims, findings: in_order(findings) }
}
