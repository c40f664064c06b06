//! Saved plans on a real cluster.

use std::io::{BufRead, BufReader};

use stackctl_integration::{ControlPlane, Home, Proxy};

use crate::robustness::{config_map, stack};

const PLAN: &[&str] = &["plan", "--out", "plan.json"];
const APPLY: &[&str] = &["apply", "plan.json"];

/// Applied with `key: value`, then planned to be `key: other`.
fn planned(name: &str) -> Home {
    let home = stack(ControlPlane::shared(), name, "manifest \"objects/*.yaml\"\n");
    home.write("objects/a.yaml", &config_map("a"));
    home.write("objects/b.yaml", &config_map("b"));
    home.run(&["apply", "--yes"]).expect(0);
    home.edit("objects/a.yaml", "key: value", "key: other");
    home.run(PLAN).expect(0);
    home
}

fn patch(name: &str, object: &str, patch: &str) {
    ControlPlane::shared()
        .run(&["-n", name, "patch", object, "--type=merge", "-p", patch])
        .unwrap();
}

#[test]
fn what_was_approved_is_what_happens() {
    let home = planned("saved-exact");
    let said = home.run(APPLY).expect(0);
    assert!(said.last_line().starts_with("Applied: 1 done"), "{}", said.out);
    let live = ControlPlane::shared().get(&["-n", "saved-exact", "configmap/a"]).unwrap();
    assert_eq!(live["data"]["key"], "other");
}

#[test]
fn fields_of_ours_make_it_stale_and_others_do_not() {
    let home = planned("saved-stale");
    // Another's field, and a new version of the object.
    patch("saved-stale", "configmap/a", r#"{"metadata":{"annotations":{"note":"theirs"}}}"#);
    patch("saved-stale", "configmap/b", r#"{"data":{"theirs":"1"}}"#);
    home.run(&["plan"]).expect(0);
    patch("saved-stale", "configmap/b", r#"{"data":{"key":"drift"}}"#);
    let said = home.run(APPLY).expect(4);
    let columns = said.err.lines().find(|line| line.contains("\"drift\"")).unwrap_or_default();
    let words: Vec<&str> = columns.split_whitespace().collect();
    assert_eq!(words, ["\"value\"", "\"drift\"", "\"value\""], "{}", said.err);
    let live = ControlPlane::shared().get(&["-n", "saved-stale", "configmap/a"]).unwrap();
    assert_eq!(live["data"]["key"], "value", "nothing was changed");
    patch("saved-stale", "configmap/b", r#"{"data":{"key":"value"}}"#);
    home.run(APPLY).expect(0);
}

#[test]
fn what_changes_between_check_and_write_is_left_alone() {
    let (name, cluster) = ("saved-guard", ControlPlane::shared());
    let home = stack(cluster, name, "manifest \"objects/*.yaml\"\n");
    let file = |number: usize| format!("objects/{number}.yaml");
    for number in 10..30 {
        home.write(&file(number), &config_map(&format!("object-{number}")));
    }
    home.run(&["apply", "--yes"]).expect(0);
    for number in 10..30 {
        home.edit(&file(number), "key: value", "key: other");
    }
    home.run(PLAN).expect(0);
    let proxy = Proxy::before(cluster).unwrap();
    proxy.add(&serde_json::json!({"type": "latency", "attributes": {"latency": 150}})).unwrap();
    let kubeconfig = proxy.kubeconfig().display().to_string();
    let words =
        ["apply", "plan.json", "-o", "json", "--parallelism", "1", "--kubeconfig", &kubeconfig];
    let mut child = home.start(&words);
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    // The check is over: the first write has ended.
    assert!(lines.any(|line| line.contains("action-ended")));
    patch(name, "configmap/object-29", r#"{"data":{"key":"drift"}}"#);
    let last = lines.last().unwrap();
    assert!(last.contains("somebody else changed it since the plan; it was not changed"), "{last}");
    assert_eq!(child.wait().unwrap().code(), Some(4));
    let key = |object: &str| cluster.get(&["-n", name, object]).unwrap()["data"]["key"].clone();
    assert_eq!(
        (key("configmap/object-29"), key("configmap/object-28")),
        ("drift".into(), "other".into())
    );
}

#[test]
fn a_saved_plan_is_shown_as_it_was_made() {
    let home = planned("saved-show");
    for form in ["text", "json", "markdown"] {
        let made = home.run(&["plan", "-o", form]).expect(0);
        assert_eq!(made.out, home.run(&["show", "plan.json", "-o", form]).expect(0).out);
    }
}

#[test]
fn another_cluster_another_file_and_another_module_are_told_from_these() {
    let home = planned("saved-elsewhere");
    let elsewhere = ControlPlane::start().unwrap();
    let kubeconfig = elsewhere.operator_kubeconfig().display().to_string();
    let said = home.run(&[APPLY, &["--kubeconfig", &kubeconfig]].concat()).expect(4);
    assert!(said.err.contains("the saved plan is for cluster home ("), "{}", said.err);
    assert!(elsewhere.get(&["namespace", "saved-elsewhere"]).is_err(), "nothing was written there");
    let text = home.read("objects/b.yaml");
    home.write("objects/b.yaml", &format!("{text}# a remark\n"));
    let said = home.run(APPLY).expect(4);
    assert!(said.err.contains("objects/b.yaml changed; nothing was changed"), "{}", said.err);
    home.write("objects/b.yaml", &text);
    home.write("modules/own/module.kdl", "module own extends=app\n");
    let said = home.run(APPLY).expect(4);
    assert!(said.err.contains("modules/own/module.kdl"), "{}", said.err);
}

#[test]
fn a_secret_that_changed_since_the_plan_is_named() {
    let home =
        stack(ControlPlane::shared(), "saved-secret", "secret keys { TOKEN (file)\"token\"; }\n");
    home.write("token", "canary-one");
    home.run(PLAN).expect(0);
    assert!(!home.read("plan.json").contains("canary"));
    home.write("token", "canary-two");
    let said = home.run(APPLY).expect(4);
    assert!(
        said.err.contains("secret/saved-secret/keys") && said.err.contains("(secret #2)"),
        "{}",
        said.err
    );
    home.write("token", "canary-one");
    home.run(APPLY).expect(0);
    // Live, the value moved on.
    home.write("token", "canary-three");
    home.run(PLAN).expect(0);
    patch("saved-secret", "secret/keys", r#"{"stringData":{"TOKEN":"canary-nine"}}"#);
    let said = home.run(APPLY).expect(4);
    assert!(said.err.contains("data.TOKEN") && !said.err.contains("canary"), "{}", said.err);
}
