//! Stack to Resources: modules turn apps into objects, built-in blocks make the rest, references become
//! edges.
//!
//! In: a [`Stack`], a [`Library`] of modules and the files that manifests name. Out: [`Resource`]s sorted
//! by id with their edges, and findings. Nothing here acts.

mod app;
mod blocks;
mod claim;
mod expanded_app;
mod expansion;
mod link;
mod module_cases;
mod modules;
mod parts;
mod templates;
mod yaml;

pub use expansion::{Expansion, expand};

pub use claim::Claim;

pub use modules::library::Library;
pub use modules::module_words::ModuleWord;

pub use module_cases::{CaseOutcome, ModuleCase, run_module_cases};

pub use yaml::{YamlError, objects_to_yaml, yaml_to_objects};
