//! The stack at the root and every example, with the modules in the binary.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use stackctl_expand::{Expansion, Library, expand};
use stackctl_lang::{FileError, Files, Sources, read_stack};

use crate::lab::{find, shown, told};

/// A folder of the repository.
struct Folder(PathBuf);

impl Folder {
    fn of(name: &str) -> Self {
        Self(Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(name))
    }

    fn expand(&self) -> Expansion {
        let mut sources = Sources::default();
        let (stack, findings) = read_stack(self, "stack.kdl", &mut sources);
        assert!(findings.is_empty(), "{}", told(&findings));
        let (library, findings) = Library::with_folder(self, "modules", &mut sources);
        assert!(findings.is_empty(), "{}", told(&findings));
        let expansion = expand(&stack.unwrap(), &library, self, &mut sources);
        assert!(expansion.findings.is_empty(), "{}", told(&expansion.findings));
        expansion
    }
}

impl Files for Folder {
    fn read(&self, path: &str) -> Result<String, FileError> {
        std::fs::read_to_string(self.0.join(path))
            .map_err(|error| FileError { path: path.to_owned(), reason: error.to_string() })
    }

    /// A star stands for a whole name or for the beginning of one.
    fn glob(&self, pattern: &str) -> Result<Vec<String>, FileError> {
        let mut found = vec![String::new()];
        for part in pattern.split('/') {
            let mut next = Vec::new();
            for folder in found {
                let Some(end) = part.strip_prefix('*') else {
                    next.push(format!("{folder}{part}/"));
                    continue;
                };
                let Ok(entries) = std::fs::read_dir(self.0.join(&folder)) else { continue };
                let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
                next.extend(
                    names.filter(|name| name.ends_with(end)).map(|n| format!("{folder}{n}/")),
                );
            }
            found = next;
        }
        found.sort();
        let paths = found.into_iter().map(|path| path.trim_end_matches('/').to_owned());
        Ok(paths.filter(|path| self.0.join(path).exists()).collect())
    }
}

/// Each resource with what it waits for.
fn graph(expansion: &Expansion) -> String {
    let mut told = String::new();
    for resource in &expansion.resources {
        writeln!(told, "{}  ({})", resource.id, resource.origin).unwrap();
        for first in &resource.after {
            writeln!(told, "  after {first}").unwrap();
        }
    }
    told
}

#[test]
fn the_root_stack_is_what_it_says() {
    let expansion = Folder::of(".").expand();
    insta::assert_snapshot!("root_stack", graph(&expansion));
    let policies = ["jellyfin", "prowlarr", "qbittorrent", "home-assistant"]
        .map(|app| shown(&expansion.resources, &format!("ciliumnetworkpolicy/media/{app}")));
    insta::assert_snapshot!("root_policies", policies.join("---\n"));
}

#[test]
fn the_smallest_stack_is_one_app() {
    insta::assert_snapshot!("minimal", graph(&Folder::of("examples/minimal").expand()));
}

#[test]
fn escape_hatches_reach_everything() {
    let expansion = Folder::of("examples/escape-hatches").expand();
    insta::assert_snapshot!("escape_hatches", graph(&expansion));
    let patched = shown(&expansion.resources, "deployment/media/jellyfin");
    assert!(patched.contains("terminationGracePeriodSeconds: 120"), "{patched}");
}

#[test]
fn a_module_of_ones_own_is_a_module_like_any_other() {
    let expansion = Folder::of("examples/own-module").expand();
    insta::assert_snapshot!("own_module", graph(&expansion));
    let settings = shown(&expansion.resources, "configmap/office/documents-settings");
    insta::assert_snapshot!("own_module_settings", settings);
    let broker = find(&expansion.resources, "ciliumnetworkpolicy/office/documents-broker");
    assert_eq!(broker.app.as_deref(), Some("documents-broker"));
}
