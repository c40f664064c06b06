//! Stacks of several files.

use stackctl_lang::{Sources, read_stack};
use stackctl_model::SecretSource;

use crate::memory::{Memory, shown};

fn said(files: &Memory, path: &str) -> String {
    let mut sources = Sources::default();
    let (_, findings) = read_stack(files, path, &mut sources);
    shown(&findings, &sources)
}

#[test]
fn paths_start_at_the_file_that_names_them() {
    let files = Memory::of([
        ("/lab/stack.kdl", "stack x\ninclude \"apps/all.kdl\"\n"),
        (
            "/lab/apps/all.kdl",
            "include \"../nodes.kdl\"\nmanifest \"m.yaml\"\nsecret s { A (file)\"k.txt\"; B (sops)\"/etc/s.yaml#k\"; }\n",
        ),
        ("/lab/nodes.kdl", "node a\n"),
    ]);
    let mut sources = Sources::default();
    let (stack, findings) = read_stack(&files, "/lab/stack.kdl", &mut sources);
    assert_eq!(findings, []);
    let stack = stack.unwrap();
    assert_eq!(stack.nodes.len(), 1);
    assert_eq!(stack.manifests[0].pattern.value, "apps/m.yaml");
    let sources: Vec<_> =
        stack.secrets[0].keys.iter().map(|(_, source)| source.value.clone()).collect();
    let sops = SecretSource::Sops { file: "/etc/s.yaml".to_owned(), key: "k".to_owned() };
    assert_eq!(sources, [SecretSource::File("apps/k.txt".to_owned()), sops]);
}

#[test]
fn a_pattern_includes_every_file_it_matches() {
    let files = Memory::of([
        ("lab/stack.kdl", "stack x\ninclude \"apps/*.kdl\"\n"),
        ("lab/apps/a.kdl", "app a\n"),
        ("lab/apps/b.kdl", "app b\n"),
    ]);
    let (stack, findings) = read_stack(&files, "lab/stack.kdl", &mut Sources::default());
    assert_eq!(findings, []);
    assert_eq!(stack.unwrap().apps.len(), 2);
}

#[test]
fn circles_doubles_and_missing_files_are_told() {
    let files = Memory::of([
        (
            "stack.kdl",
            "stack x\ninclude \"a.kdl\"\ninclude \"a.kdl\"\ninclude \"gone.kdl\"\ninclude \"*.yaml\"\ninclude\n",
        ),
        ("a.kdl", "include \"b.kdl\"\nnode n ssh=500m\n"),
        ("b.kdl", "include \"./a.kdl\"\ninclude \"b.kdl\"\nstack y\nnode n\n"),
    ]);
    insta::assert_snapshot!(said(&files, "stack.kdl"));
}

#[test]
fn a_stack_that_is_not_there_is_one_finding_without_a_place() {
    let (stack, findings) = read_stack(&Memory::default(), "stack.kdl", &mut Sources::default());
    assert!(stack.is_none());
    assert_eq!(findings.len(), 1);
    assert_eq!(findings[0].places, []);
    assert_eq!(findings[0].message, "stack.kdl cannot be read: no such file");
}
