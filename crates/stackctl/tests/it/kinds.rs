//! What stackctl itself makes is of kinds it knows.

use std::collections::BTreeSet;
use std::path::Path;

use stackctl_plan::kubernetes::kinds::is_known;

use crate::command::{copy_of, home, repository};

/// Group and kind of each document of a YAML text, and the groups that it defines kinds of.
fn kinds_of(text: &str, found: &mut BTreeSet<(String, String)>) {
    let mut group = String::new();
    for line in text.lines() {
        if let Some(version) = line.strip_prefix("apiVersion: ") {
            let version = version.trim_matches('"');
            version.rsplit_once('/').map_or("", |(group, _)| group).clone_into(&mut group);
        } else if let Some(kind) = line.strip_prefix("kind: ") {
            found.insert((group.clone(), kind.trim_matches('"').to_owned()));
        }
    }
}

fn read_all(folder: &Path, name: &str, found: &mut BTreeSet<(String, String)>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read_all(&path, name, found);
        } else if path.file_name().unwrap().to_str().unwrap().ends_with(name) {
            kinds_of(&std::fs::read_to_string(&path).unwrap(), found);
        }
    }
}

#[test]
fn every_kind_that_modules_and_examples_make_is_known() {
    let mut found = BTreeSet::new();
    read_all(&repository().join("modules"), "expected.yaml", &mut found);
    let root = home(&std::fs::read_to_string(repository().join("stack.kdl")).unwrap());
    let examples =
        ["minimal", "escape-hatches", "own-module"].map(|name| format!("examples/{name}"));
    let labs = examples.iter().map(|name| copy_of(name).with_variable("JELLYFIN_TOKEN", "a-token"));
    for lab in std::iter::once(root).chain(labs) {
        lab.run(&["render", "--to", "rendered"]).expect(0);
        read_all(&lab.path().join("rendered"), ".yaml", &mut found);
    }
    assert!(found.len() > 10, "{found:?}");
    // Their definition stands beside them in the example.
    let unknown: Vec<_> = found
        .iter()
        .filter(|(group, kind)| !is_known(group, kind) && !group.ends_with("example.com"))
        .collect();
    assert_eq!(unknown, Vec::<&(String, String)>::new());
}
