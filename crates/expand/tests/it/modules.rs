//! The modules in the binary: each has cases, and each case comes to what it expects.
//!
//! With `UPDATE_MODULES=1` the expected objects are written anew; read them before they are committed.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use stackctl_expand::{CaseOutcome, Library, ModuleWord, expand, run_module_cases};
use stackctl_lang::{FileError, Files, Sources, read_stack};
use stackctl_model::Desired;

use crate::lab::told;

/// The project's root as files.
pub(crate) struct Root;

pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

impl Files for Root {
    fn read(&self, path: &str) -> Result<String, FileError> {
        std::fs::read_to_string(root().join(path))
            .map_err(|error| FileError { path: path.to_owned(), reason: error.to_string() })
    }

    /// One `*` for one folder.
    fn glob(&self, pattern: &str) -> Result<Vec<String>, FileError> {
        let Some((before, after)) = pattern.split_once("*/") else { return Ok(Vec::new()) };
        let Ok(folder) = std::fs::read_dir(root().join(before)) else { return Ok(Vec::new()) };
        let paths: BTreeSet<String> = folder
            .map(|entry| format!("{before}{}/{after}", entry.unwrap().file_name().display()))
            .filter(|path| root().join(path).is_file())
            .collect();
        Ok(paths.into_iter().collect())
    }
}

#[test]
fn every_module_makes_what_its_cases_expect() {
    let update = std::env::var("UPDATE_MODULES").is_ok();
    let mut wrong = String::new();
    for name in Library::embedded().names() {
        let cases = run_module_cases(&Root, &format!("modules/{name}"));
        assert!(!cases.is_empty(), "module {name} has no case");
        for case in cases {
            if let (Some(actual), true) = (case.outcome.actual(), update) {
                std::fs::write(root().join(&case.expected_file), actual).unwrap();
            } else if case.outcome != CaseOutcome::Passed {
                wrong += &format!("{}: {:?}\n{}", case.case, case.outcome, told(&case.findings));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn nothing_is_wrong_with_the_modules_in_the_binary() {
    let (library, findings) =
        Library::with_folder(&Root, "no/such/folder", &mut Sources::default());
    assert!(findings.is_empty(), "{}", told(&findings));
    for module in library.names() {
        assert!(!library.doc_of(module).unwrap_or_default().is_empty(), "{module} has no doc");
        for knob in library.words_of(module).unwrap().into_iter().map(|word| word.knob) {
            assert!(!knob.doc.is_empty(), "{module}: {} has no doc", knob.name);
            let parts = knob.shape.args.iter().chain(&knob.shape.props).chain(&knob.shape.children);
            for part in parts {
                assert!(!part.doc.is_empty(), "{module}: {} {} has no doc", knob.name, part.name);
            }
        }
    }
}

/// What `explain` prints as holding is what an app gets that says nothing: saying it changes no object.
#[test]
fn what_a_module_is_said_to_hold_is_what_an_empty_app_gets() {
    let library = Library::embedded();
    for module in library.names() {
        let words = library.words_of(module).unwrap();
        let needed = words.iter().filter(|word| word.knob.required);
        let needed: Vec<&str> = needed.map(|word| word.knob.name.as_str()).collect();
        let needed = match needed.as_slice() {
            [] => "",
            ["image"] => "image \"docker.io/a/b:1\"\n",
            other => panic!("{module} needs {other:?}: say here what a test gives it"),
        };
        let lines: String = words.iter().map(line_that_holds).collect();
        // The stack's own lines may not say what a module fills in.
        let lines = lines.replace("{{ stack.timezone }}", "Etc/UTC").replace("{{ name }}", "x");
        assert_eq!(
            objects(&library, module, needed),
            objects(&library, module, &format!("{needed}{lines}")),
            "{module} {{\n{lines}}}"
        );
    }
}

fn line_that_holds(word: &ModuleWord) -> String {
    let lines: String = word.set.iter().map(|line| format!("{line}\n")).collect();
    let default = word.knob.default.iter().filter(|_| word.set.is_empty());
    let default = default.map(|value| format!("{} {}\n", word.knob.name, value.value));
    let all = lines + &default.collect::<String>();
    // A stack cannot refer to another knob.
    if all.contains("(knob)") { String::new() } else { all }
}

/// An app's objects, by id.
fn objects(library: &Library, module: &str, lines: &str) -> Vec<(String, Desired)> {
    let text = format!("stack s\napp x module={module} {{\n{lines}}}\n");
    let mut sources = Sources::default();
    let (stack, findings) = read_stack(&Single(text), "stack.kdl", &mut sources);
    assert!(findings.is_empty(), "{}", told(&findings));
    let expansion = expand(&stack.unwrap(), library, &Root, &mut sources);
    assert!(expansion.findings.is_empty(), "{module}: {}", told(&expansion.findings));
    expansion.resources.into_iter().map(|one| (one.id.to_string(), one.desired)).collect()
}

/// One text, whatever its path.
struct Single(String);

impl Files for Single {
    fn read(&self, _: &str) -> Result<String, FileError> {
        Ok(self.0.clone())
    }

    fn glob(&self, _: &str) -> Result<Vec<String>, FileError> {
        Ok(Vec::new())
    }
}
