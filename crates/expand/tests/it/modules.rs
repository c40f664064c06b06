//! The modules in the binary: each has cases, and each case comes to what it expects.
//!
//! With `UPDATE_MODULES=1` the expected objects are written anew; read them before they are committed.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use stackctl_expand::{CaseOutcome, Library, run_module_cases};
use stackctl_lang::{FileError, Files, Sources};

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
        for knob in library.knobs_of(module).unwrap() {
            assert!(!knob.doc.is_empty(), "{module}: {} has no doc", knob.name);
            let parts = knob.shape.args.iter().chain(&knob.shape.props).chain(&knob.shape.children);
            for part in parts {
                assert!(!part.doc.is_empty(), "{module}: {} {} has no doc", knob.name, part.name);
            }
        }
    }
}
