//! The table in ARCHITECTURE.md is what the crates really use.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use crate::command::repository;

type Uses = BTreeMap<String, BTreeSet<String>>;

fn promised() -> Uses {
    let text = std::fs::read_to_string(repository().join("ARCHITECTURE.md")).unwrap();
    let rows = text.lines().filter(|line| line.starts_with("| `stackctl"));
    let mut uses = Uses::new();
    for row in rows {
        let cells: Vec<_> = row.split('|').map(str::trim).collect();
        let name = cells[1].trim_matches('`').to_owned();
        let all: BTreeSet<_> = uses.keys().cloned().collect();
        let may = match cells[3] {
            "all of the above" => all,
            words => {
                words.split_whitespace().map(|word| word.trim_matches('`').to_owned()).collect()
            }
        };
        uses.insert(name, may);
    }
    uses
}

fn real() -> Uses {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version=1", "--no-deps", "--offline"])
        .current_dir(repository())
        .output()
        .unwrap();
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let mut uses = Uses::new();
    for package in metadata["packages"].as_array().unwrap() {
        let name = package["name"].as_str().unwrap().to_owned();
        let dependencies = package["dependencies"].as_array().unwrap();
        let ours = dependencies
            .iter()
            .filter(|dependency| dependency["kind"].is_null())
            .map(|dependency| dependency["name"].as_str().unwrap().to_owned())
            .filter(|dependency| dependency.starts_with("stackctl"))
            .collect();
        uses.insert(name, ours);
    }
    uses.remove("stackctl-integration");
    uses
}

#[test]
fn crates_use_what_the_table_allows() {
    let promised = promised();
    let real = real();
    assert_eq!(promised.keys().collect::<Vec<_>>(), real.keys().collect::<Vec<_>>());
    for (name, uses) in real {
        let beyond: Vec<_> = uses.difference(&promised[&name]).collect();
        assert!(beyond.is_empty(), "{name} uses {beyond:?} beyond the table");
    }
}
