//! Whose a field is, and whose an object is.

use serde_json::Value;
use stackctl_integration::{ControlPlane, Home};

use crate::robustness::{config_map, stack};

fn home(name: &str, ownership: &str) -> Home {
    let rest = format!("ownership {{ {ownership} }}\nmanifest \"objects/*.yaml\"\n");
    let home = stack(ControlPlane::shared(), name, &rest);
    home.write("objects/a.yaml", &config_map("a"));
    home.run(&["apply", "--yes"]).expect(0);
    home
}

fn edited(name: &str) {
    let words = ["-n", name, "patch", "configmap/a", "--type=merge", "--field-manager=kari"];
    let patch = r#"{"data":{"key":"theirs"}}"#;
    ControlPlane::shared().run(&[&words[..], &["-p", patch]].concat()).unwrap();
}

fn key(name: &str) -> Value {
    ControlPlane::shared().get(&["-n", name, "configmap/a"]).unwrap()["data"]["key"].clone()
}

#[test]
fn a_field_is_taken_with_its_writer_and_the_time_in_the_plan() {
    let home = home("own-take", "");
    edited("own-take");
    let said = home.run(&["plan"]).expect(0);
    let line = said.out.lines().find(|line| line.contains("data.key:")).unwrap();
    assert!(line.contains("by kari at 20"), "{line}");
    home.run(&["apply", "--yes"]).expect(0);
    assert_eq!(key("own-take"), "value");
}

#[test]
fn a_field_is_left_to_another_where_the_stack_says_so() {
    let home = home("own-yield", "yield \"data.key\" on=\"configmap/own-yield/*\"");
    edited("own-yield");
    let said = home.run(&["plan"]).expect(0);
    assert!(said.last_line().starts_with("Nothing to do"), "{}", said.out);
    // Other fields of the object are written, and that one is not.
    home.edit("objects/a.yaml", "key: value", "{key: value, more: ours}");
    home.edit(
        "objects/a.yaml",
        "data: {{key: value, more: ours}}",
        "data: {key: value, more: ours}",
    );
    home.run(&["apply", "--yes"]).expect(0);
    assert_eq!(key("own-yield"), "theirs");
    let said = home.run(&["plan"]).expect(0);
    assert!(said.last_line().starts_with("Nothing to do"), "{}", said.out);
}

#[test]
fn a_field_of_another_stops_the_object_where_the_stack_says_so() {
    let home = home("own-fail", "fail \"data\"");
    edited("own-fail");
    let said = home.run(&["apply", "--yes"]).expect(7);
    assert!(said.out.contains("data.key was written by kari at 20"), "{}", said.out);
    assert_eq!(key("own-fail"), "theirs");
}

#[test]
fn what_client_side_apply_left_behind_is_not_stuck() {
    let (name, cluster) = ("own-adopt", ControlPlane::shared());
    cluster.run(&["create", "namespace", name]).unwrap();
    let home = stack(cluster, name, "manifest \"objects/*.yaml\"\n");
    let theirs = config_map("a").replace("{key: value}", "{key: old, stuck: field}");
    home.write("theirs.yaml", &theirs);
    let file = home.path().join("theirs.yaml");
    cluster.run(&["-n", name, "apply", "-f", &file.to_string_lossy()]).unwrap();
    home.write("objects/a.yaml", &config_map("a"));
    let said = home.run(&["plan"]).expect(0);
    assert!(
        said.out.contains("> configmap/own-adopt/a") && said.out.contains("data.stuck"),
        "{}",
        said.out
    );
    home.run(&["apply", "--yes"]).expect(0);
    let live = cluster.get(&["-n", name, "configmap/a"]).unwrap();
    assert_eq!(live["data"], serde_json::json!({"key": "value"}));
    assert!(home.run(&["plan"]).expect(0).last_line().starts_with("Nothing to do"));
    // A field that we take out later goes as well.
    home.edit("objects/a.yaml", "{key: value}", "{other: value}");
    home.run(&["apply", "--yes"]).expect(0);
    let live = cluster.get(&["-n", name, "configmap/a"]).unwrap();
    assert_eq!(live["data"], serde_json::json!({"other": "value"}));
}

#[test]
fn the_second_stack_is_told_who_owns_an_object() {
    let first = home("own-first", "");
    let second = first.path().join("second.kdl");
    let text =
        "stack second namespace=own-first\ncluster context=home\nmanifest \"objects/*.yaml\"\n";
    std::fs::write(&second, text).unwrap();
    let said = first.run(&["apply", "--yes", "-f", "second.kdl"]).expect(9);
    assert!(
        said.out.contains("it belongs to stack own-first (namespace own-first)"),
        "{}",
        said.out
    );
    assert!(first.run(&["plan"]).expect(0).last_line().starts_with("Nothing to do"));
}
