//! No file uses another that uses it, directly or around.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::Path;

use super::imports::{Import, imports};
use super::source::crate_folders;

/// Files that use each other, and how.
struct Circle {
    files: BTreeSet<String>,
    /// The shortest way from the first file back to it.
    way: String,
}

fn circles(folder: &Path) -> Vec<Circle> {
    let imports = imports(folder);
    let files: BTreeSet<_> = imports.iter().map(|import| import.from.as_str()).collect();
    let reach: BTreeMap<_, _> =
        files.into_iter().map(|file| (file, reached_from(&imports, file))).collect();
    let mut groups: BTreeSet<BTreeSet<&str>> = BTreeSet::new();
    for (file, reached) in &reach {
        let leads_back = |other: &&str| reach.get(other).is_some_and(|back| back.contains(file));
        groups.insert(reached.iter().copied().filter(leads_back).collect());
    }
    groups.remove(&BTreeSet::new());
    let circles = groups.into_iter().map(|group| {
        let files: BTreeSet<_> = group.into_iter().map(str::to_owned).collect();
        let inside = |import: &&Import| files.contains(&import.from) && files.contains(&import.to);
        let way = shortest_circle(&imports.iter().filter(inside).collect::<Vec<_>>());
        Circle { files, way }
    });
    circles.collect()
}

fn reached_from<'i>(imports: &'i [Import], start: &str) -> BTreeSet<&'i str> {
    let mut reached = BTreeSet::new();
    let mut next = vec![start];
    while let Some(file) = next.pop() {
        for import in imports.iter().filter(|import| import.from == file) {
            if reached.insert(import.to.as_str()) {
                next.push(&import.to);
            }
        }
    }
    reached
}

/// The shortest circle among imports that all lie on one, as lines to read.
fn shortest_circle(imports: &[&Import]) -> String {
    let starts: BTreeSet<_> = imports.iter().map(|import| import.from.as_str()).collect();
    let ways = starts.into_iter().map(|start| way_back(imports, start));
    let shortest = ways.min_by_key(Vec::len).expect("each file of a circle leads back to itself");
    let lines = shortest
        .iter()
        .map(|Import { from, line, name, to }| format!("  {from}:{line} uses {to} ({name})\n"));
    lines.collect()
}

fn way_back<'i>(imports: &[&'i Import], start: &str) -> Vec<&'i Import> {
    let mut reached: BTreeMap<&str, &Import> = BTreeMap::new();
    let mut next = VecDeque::from([start]);
    while let Some(file) = next.pop_front() {
        for import in imports.iter().filter(|import| import.from == file) {
            if !reached.contains_key(import.to.as_str()) {
                reached.insert(&import.to, import);
                next.push_back(&import.to);
            }
        }
    }
    let mut way = vec![reached[start]];
    while let Some(import) = way.last().filter(|import| import.from != start) {
        way.push(reached[import.from.as_str()]);
    }
    way.reverse();
    way
}

#[test]
fn no_file_uses_another_that_uses_it() {
    let circles: Vec<_> = crate_folders().iter().flat_map(|folder| circles(folder)).collect();
    let told: Vec<_> = circles
        .iter()
        .map(|Circle { files, way }| {
            let files: Vec<_> = files.iter().map(String::as_str).collect();
            format!("{} stand in a circle, for instance:\n{way}", files.join(", "))
        })
        .collect();
    assert!(told.is_empty(), "\n{}", told.join("\n"));
}

#[test]
fn every_crate_is_read() {
    for folder in crate_folders() {
        assert!(imports(&folder).len() > 3, "{} has hardly any imports", folder.display());
    }
}

#[test]
fn a_circle_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let source = folder.path().join("src");
    std::fs::create_dir(&source).unwrap();
    let files = [
        ("lib.rs", "mod one;\nmod two;\nmod three;\npub use two::Two;\n"),
        ("one.rs", "use crate::Two;\npub struct One(Two);\n"),
        ("two.rs", "use crate::three::Three;\npub struct Two(Three);\n"),
        ("three.rs", "use super::one::One;\npub struct Three(Box<One>);\n"),
    ];
    for (name, text) in files {
        std::fs::write(source.join(name), text).unwrap();
    }
    let found = circles(&source);
    assert_eq!(found.iter().map(|circle| circle.files.len()).collect::<Vec<_>>(), [3]);
}
