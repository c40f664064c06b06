//! Each lint on the stacks of its folder, `tests/lints/CODE/CASE`, and the page that describes them all.

use std::fs;
use std::path::PathBuf;

use stackctl_plan::lints::{LINTS, Needs, reference};

use crate::command::{copy_of, home, repository};

fn cases(code: &str) -> Vec<String> {
    let folder: PathBuf = repository().join("crates/stackctl/tests/lints").join(code);
    let entries = fs::read_dir(&folder).unwrap_or_else(|_| panic!("{code} has no cases"));
    let mut cases: Vec<_> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    cases.sort();
    cases
}

#[test]
fn every_lint_of_a_stack_is_said_where_it_holds_and_only_there() {
    // What is about a live cluster or machines is tested with the real ones, in `integration`.
    let of_a_stack =
        LINTS.iter().filter(|lint| matches!(lint.check.needs(), Needs::Stack | Needs::Objects));
    for lint in of_a_stack {
        let (mut is_said, mut is_not_said) = (false, false);
        for case in cases(lint.code) {
            let folder = format!("crates/stackctl/tests/lints/{}/{case}", lint.code);
            let said = copy_of(&folder).run(&["check", "-o", "short"]);
            let expected = fs::read_to_string(repository().join(&folder).join("expected.txt"));
            assert_eq!(said.out, expected.unwrap_or_default(), "{folder}");
            let found = said.out.contains(&format!("[{}]", lint.code));
            is_said |= found;
            is_not_said |= !found;
        }
        assert!(is_said, "no case triggers {}", lint.code);
        assert!(is_not_said, "every case triggers {}", lint.code);
    }
}

#[test]
fn what_is_silenced_is_shown_with_strict_and_fails_nothing() {
    let lab = copy_of("crates/stackctl/tests/lints/sqlite-on-network-storage/silenced");
    let said = lab.run(&["check", "--strict"]).expect(0);
    assert!(said.out.contains("note[sqlite-on-network-storage]"), "{}", said.out);
    let words = "silenced here by lint sqlite-on-network-storage #false";
    assert!(said.out.contains(words), "{}", said.out);
}

#[test]
fn a_lint_that_is_none_or_must_be_heard_is_no_lint_to_silence() {
    let said = home("stack x { lint sqlite-on-netwrk-storage #false; }\n")
        .run(&["check", "-o", "short"])
        .expect(1);
    assert!(said.out.starts_with("stack.kdl:1:16: error[unknown-lint]"), "{}", said.out);
    let said = home("stack x { lint over-budget #false; }\n").run(&["check"]).expect(1);
    assert!(said.out.contains("not-silenceable"), "{}", said.out);
    let said = home("stack x { lint over-budget 1; }\n").run(&["check"]).expect(1);
    assert!(said.out.contains("bad-lint"), "{}", said.out);
}

#[test]
fn the_page_of_lints_is_that_of_the_table() {
    let page = fs::read_to_string(repository().join("docs/lints.md")).unwrap();
    assert_eq!(page, reference(), "docs/lints.md is stale: this is what it should be");
}

#[test]
fn a_lint_is_explained() {
    let said = home("stack x\n").run(&["explain", "over-budget"]).expect(0);
    assert!(said.out.starts_with("over-budget  error, needs the stack's objects"), "{}", said.out);
    let said = home("stack x\n").run(&["explain", "over-bugdet"]).expect(64);
    assert!(said.err.contains("did you mean over-budget?"), "{}", said.err);
}
