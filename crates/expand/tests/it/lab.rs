//! Files in memory, and a small module with the words that the stack itself reads.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use stackctl_expand::{Expansion, Library, expand};
use stackctl_lang::{FileError, Files, Sources, read_stack};
use stackctl_model::{Desired, Finding, Resource};

const MODULE: &str = include_str!("modules/plain.kdl");
const TEMPLATE: &str = include_str!("modules/plain.yaml.tera");

/// A folder in memory.
pub(crate) struct Lab(BTreeMap<String, String>);

impl Files for Lab {
    fn read(&self, path: &str) -> Result<String, FileError> {
        let missing = || FileError { path: path.to_owned(), reason: "no such file".to_owned() };
        self.0.get(path).cloned().ok_or_else(missing)
    }

    fn glob(&self, pattern: &str) -> Result<Vec<String>, FileError> {
        let Some((before, after)) = pattern.split_once('*') else {
            return Ok(self.0.keys().filter(|path| *path == pattern).cloned().collect());
        };
        let fits = |path: &&String| {
            let inside = path.strip_prefix(before).and_then(|rest| rest.strip_suffix(after));
            inside.is_some_and(|inside| !inside.contains('/'))
        };
        Ok(self.0.keys().filter(fits).cloned().collect())
    }
}

impl Lab {
    /// A folder with a stack and the test's own module.
    pub(crate) fn new(stack: &str) -> Self {
        let files = [
            ("stack.kdl", stack),
            ("modules/plain/module.kdl", MODULE),
            ("modules/plain/plain.yaml.tera", TEMPLATE),
        ];
        Self(files.into_iter().map(|(path, text)| (path.to_owned(), text.to_owned())).collect())
    }

    /// One more file.
    pub(crate) fn with(mut self, path: &str, text: &str) -> Self {
        self.0.insert(path.to_owned(), text.to_owned());
        self
    }

    /// Reads and expands the stack; whatever was found on the way is among the findings.
    pub(crate) fn expand(&self) -> Expansion {
        let mut sources = Sources::default();
        let (stack, mut findings) = read_stack(self, "stack.kdl", &mut sources);
        let (library, of_modules) = Library::with_folder(self, "modules", &mut sources);
        findings.extend(of_modules);
        let stack = stack.expect("the stack can be read");
        let expansion = expand(&stack, &library, self, &mut sources);
        findings.extend(expansion.findings);
        Expansion { findings, ..expansion }
    }
}

/// Expands a stack in which nothing is wrong.
pub(crate) fn sound(stack: &str) -> Vec<Resource> {
    sound_lab(&Lab::new(stack))
}

/// The same with more files.
pub(crate) fn sound_lab(lab: &Lab) -> Vec<Resource> {
    let expansion = lab.expand();
    assert!(expansion.findings.is_empty(), "{}", told(&expansion.findings));
    expansion.resources
}

/// The findings of a stack, one line each.
pub(crate) fn findings(stack: &str) -> String {
    told(&Lab::new(stack).expand().findings)
}

/// Code, message and help of each finding.
pub(crate) fn told(findings: &[Finding]) -> String {
    let mut lines = String::new();
    for finding in findings {
        writeln!(lines, "{}: {}", finding.code, finding.message).unwrap();
        for help in &finding.help {
            writeln!(lines, "  {help}").unwrap();
        }
    }
    lines
}

/// One resource by its printed id.
pub(crate) fn find<'a>(resources: &'a [Resource], id: &str) -> &'a Resource {
    let ids: Vec<String> = resources.iter().map(|resource| resource.id.to_string()).collect();
    let found = resources.iter().find(|resource| resource.id.to_string() == id);
    found.unwrap_or_else(|| panic!("no {id} among {ids:#?}"))
}

/// What a resource waits for, as printed.
pub(crate) fn after(resources: &[Resource], id: &str) -> Vec<String> {
    find(resources, id).after.iter().map(ToString::to_string).collect()
}

/// An object as YAML, or a setting as one line per attribute.
pub(crate) fn shown(resources: &[Resource], id: &str) -> String {
    let mut shown = String::new();
    match &find(resources, id).desired {
        Desired::Object(object) => {
            shown.push_str(&stackctl_expand::objects_to_yaml([&object.value]));
            for (key, source) in &object.secrets {
                writeln!(shown, "# data.{key}: {source}").unwrap();
            }
            for gpu in &object.gpus {
                writeln!(shown, "# group of {gpu}").unwrap();
            }
        }
        Desired::OnNode(asked) => {
            shown.push_str(&stackctl_expand::objects_to_yaml([&serde_json::json!(asked)]));
        }
        Desired::Setting(attributes) => {
            for (key, value) in attributes {
                writeln!(shown, "{key}: {value}").unwrap();
            }
        }
    }
    shown
}
