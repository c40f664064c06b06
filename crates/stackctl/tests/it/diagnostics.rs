//! What a newcomer reads when a stack is wrong: one snapshot for each broken stack in `tests/broken`.

use crate::command::{copy_of, home};

#[test]
fn broken_stacks_are_explained() {
    let mut cases: Vec<_> = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/broken"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    cases.sort();
    assert!(cases.len() >= 30, "only {} broken stacks", cases.len());
    for case in cases {
        let lab = copy_of(&format!("crates/stackctl/tests/broken/{case}"));
        let said = lab.run(&["plan", "--sandbox"]).expect(1);
        assert!(said.out.is_empty(), "{case}: nothing is planned");
        assert!(!lab.path().join(".stackctl").exists(), "{case}: nothing is written");
        insta::assert_snapshot!(case, said.err);
    }
}

#[test]
fn findings_have_machine_forms() {
    let lab = home("stack x\napp jelyfin\n");
    let short = lab.run(&["check", "-o", "short"]).expect(1);
    assert!(short.out.starts_with("stack.kdl:2:5: error["), "{}", short.out);
    let json: serde_json::Value =
        serde_json::from_str(&lab.run(&["check", "-o", "json"]).expect(1).out).unwrap();
    assert!(json.to_string().contains("\"line\":2"), "{json}");
    let sarif: serde_json::Value =
        serde_json::from_str(&lab.run(&["check", "-o", "sarif"]).expect(1).out).unwrap();
    assert_eq!(sarif["version"], "2.1.0");
}
