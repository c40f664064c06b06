//! The cases of a module, which `stackctl module test` runs: `modules/X/tests/CASE/stack.kdl` and the
//! objects it should come to, `expected.yaml`.

use serde_json::{Value, json};
use stackctl_lang::{Files, Sources, read_stack};
use stackctl_model::{Desired, Finding, Resource, Severity};

use crate::expansion::expand;
use crate::modules::library::Library;
use crate::yaml::{objects_to_yaml, yaml_to_objects};

/// One case and what became of it.
#[derive(Debug)]
pub struct ModuleCase {
    /// The case's folder.
    pub case: String,
    /// Where its expected objects are, whether or not they are there yet.
    pub expected_file: String,
    /// What became of it.
    pub outcome: CaseOutcome,
    /// All that was found in the stack and the modules; the outcome is a failure when there is an error.
    pub findings: Vec<Finding>,
    /// The texts that the findings point into.
    pub sources: Sources,
}

/// What became of a case. Objects are written as YAML, sorted by id, a secret's data as its references.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CaseOutcome {
    /// The objects are as expected.
    Passed,
    /// They differ.
    Differs {
        /// What was expected, laid out as `actual` is.
        expected: String,
        /// What the stack comes to.
        actual: String,
    },
    /// There is no `expected.yaml` yet.
    Missing {
        /// What the stack comes to.
        actual: String,
    },
    /// `expected.yaml` is no YAML.
    BadExpected {
        /// Why.
        reason: String,
        /// What the stack comes to.
        actual: String,
    },
    /// The stack or a module has errors; see the findings.
    Broken,
}

impl CaseOutcome {
    /// What the stack comes to, when it comes to anything else than expected.
    pub fn actual(&self) -> Option<&str> {
        match self {
            Self::Passed | Self::Broken => None,
            Self::Differs { actual, .. }
            | Self::Missing { actual }
            | Self::BadExpected { actual, .. } => Some(actual),
        }
    }
}

/// Runs all cases of the module in a folder such as `modules/sonarr`; its neighbours are the library.
pub fn run_module_cases(files: &dyn Files, folder: &str) -> Vec<ModuleCase> {
    let folder = folder.trim_end_matches('/');
    let modules = folder.rsplit_once('/').map_or(".", |(modules, _)| modules);
    // A case is a folder; a pattern that cannot be read has no cases.
    let stacks = files.glob(&format!("{folder}/tests/*/stack.kdl")).unwrap_or_default();
    stacks.iter().map(|stack| run(files, modules, stack)).collect()
}

fn run(files: &dyn Files, modules: &str, stack_file: &str) -> ModuleCase {
    let case = stack_file.strip_suffix("/stack.kdl").unwrap_or(stack_file).to_owned();
    let expected_file = format!("{case}/expected.yaml");
    let mut sources = Sources::default();
    let (stack, mut findings) = read_stack(files, stack_file, &mut sources);
    let (library, more) = Library::with_folder(files, modules, &mut sources);
    findings.extend(more);
    let mut resources = Vec::new();
    if let Some(stack) = &stack {
        let expansion = expand(stack, &library, files, &mut sources);
        findings.extend(expansion.findings);
        resources = expansion.resources;
    }
    let broken = findings.iter().any(|finding| finding.severity == Severity::Error);
    let outcome = if broken || stack.is_none() {
        CaseOutcome::Broken
    } else {
        compare(files.read(&expected_file).ok(), &resources)
    };
    ModuleCase { case, expected_file, outcome, findings, sources }
}

fn compare(expected: Option<String>, resources: &[Resource]) -> CaseOutcome {
    let objects: Vec<Value> = resources.iter().filter_map(shown).collect();
    let actual = objects_to_yaml(&objects);
    let Some(expected) = expected else { return CaseOutcome::Missing { actual } };
    match yaml_to_objects(&expected) {
        Ok(expected) if expected == objects => CaseOutcome::Passed,
        Ok(expected) => CaseOutcome::Differs { expected: objects_to_yaml(&expected), actual },
        Err(error) => CaseOutcome::BadExpected { reason: error.to_string(), actual },
    }
}

/// An object as a case shows it: where a secret's values come from stands in their place.
fn shown(resource: &Resource) -> Option<Value> {
    let Desired::Object(object) = &resource.desired else { return None };
    let mut value = object.value.clone();
    if !object.secrets.is_empty() {
        let data =
            object.secrets.iter().map(|(key, source)| (key.clone(), json!(source.to_string())));
        value["data"] = Value::Object(data.collect());
    }
    Some(value)
}
