//! Stack to Resources: modules turn apps into objects, built-in blocks make the rest, references become
//! edges.
//!
//! In: a [`Stack`], a [`Library`] of modules and the files that manifests name. Out: [`Resource`]s sorted
//! by id with their edges, and findings. Nothing here acts.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use stackctl_lang::{Block, Files, Sources, Stack, in_order};
use stackctl_model::{Finding, Origin, Resource, SecretSource, Span, Spanned};

mod app;
mod blocks;
mod embedded;
mod holes;
mod inherit;
mod library;
mod link;
mod merge;
mod module_test;
mod named;
mod patch;
mod place;
mod ready;
mod render;
mod rewrite;
mod values;
mod yaml;

pub use library::Library;

pub use module_test::{CaseOutcome, ModuleTest, test_module};

pub use yaml::{YamlError, objects_to_yaml, yaml_to_objects};

/// What a stack comes to.
#[derive(Debug, Default)]
pub struct Expansion {
    /// Sorted by id, edges set.
    pub resources: Vec<Resource>,
    /// Everything wrong with it, in the order of the text.
    pub findings: Vec<Finding>,
}

/// An app whose module has made its objects.
#[derive(Debug)]
pub(crate) struct ExpandedApp {
    /// Its name.
    pub(crate) name: String,
    /// Its block.
    pub(crate) span: Span,
    /// Every knob in the form templates see, its word with `_` for `-`: `api_key`, `volume[0].name`,
    /// `sso.groups`. A knob that is not set is null, a repeated one an empty list.
    pub(crate) values: Map<String, Value>,
    /// The winning blocks by word (as written, with `-`), for spans.
    pub(crate) blocks: BTreeMap<String, Vec<Block>>,
    /// The other apps it names, each with the word that names it.
    pub(crate) named: Vec<(String, Spanned<String>)>,
    /// What its templates made, the app's Secret included.
    pub(crate) objects: Vec<AppObject>,
}

/// One object of an app.
#[derive(Clone, Debug)]
pub(crate) struct AppObject {
    /// As it would be applied, without secret values.
    pub(crate) value: Value,
    /// For a Secret: keys under `data` whose values come from elsewhere.
    pub(crate) secrets: BTreeMap<String, SecretSource>,
    /// The line that asks for it.
    pub(crate) origin: Origin,
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
    let apps = app::expand_apps(stack, library, sources, &mut findings);
    let mut resources = blocks::expand_stack(stack, apps, files, sources, &mut findings);
    link::link(&mut resources, stack);
    resources.sort_by(|a, b| a.id.cmp(&b.id));
    Expansion { resources, findings: in_order(findings) }
}
