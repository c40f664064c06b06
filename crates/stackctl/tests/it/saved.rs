//! Saved plans: what was approved is what happens, or nothing.

use serde_json::Value;
use stackctl_integration::Home;

use crate::command::home;

const PLAN: &[&str] = &["plan", "--sandbox", "--out", "plan.json"];
const APPLY: &[&str] = &["apply", "--sandbox", "plan.json"];
const DEPLOYMENT: &str = ".stackctl/sandbox/objects/deployment/tiny/jellyfin.yaml";

fn tiny() -> Home {
    home("stack tiny\napp jellyfin\n")
}

/// Applied, then planned to change one field.
fn planned() -> Home {
    let lab = tiny();
    lab.run(&["apply", "--sandbox", "--yes"]).expect(0);
    lab.edit("stack.kdl", "app jellyfin", "app jellyfin { memory \"2Gi..6Gi\"; }");
    lab.run(PLAN).expect(0);
    lab
}

#[test]
fn a_saved_plan_is_applied_without_asking_and_only_once() {
    let lab = planned();
    let saved: Value = serde_json::from_str(&lab.read("plan.json")).unwrap();
    assert_eq!(saved["format"], "stackctl.saved-plan/1");
    let applied = lab.run(APPLY).expect(0);
    assert_eq!(
        applied.out.lines().filter(|line| line.contains(" ~ ")).count(),
        1,
        "{}",
        applied.out
    );
    let again = lab.run(APPLY).expect(0);
    assert!(again.err.contains("1 actions of the saved plan are done already"), "{}", again.err);
    assert!(again.last_line().starts_with("Nothing to do"), "{}", again.out);
}

#[test]
fn a_saved_plan_is_shown_as_it_was_made() {
    let lab = planned();
    for form in ["text", "json", "markdown"] {
        let made = lab.run(&["plan", "--sandbox", "-o", form]).expect(0);
        let shown = lab.run(&["show", "plan.json", "-o", form]).expect(0);
        assert_eq!(made.out, shown.out);
    }
}

#[test]
fn a_field_that_moved_is_shown_in_three_columns() {
    let lab = planned();
    lab.edit(DEPLOYMENT, "runAsNonRoot: true", "runAsNonRoot: false");
    let said = lab.run(APPLY).expect(4);
    insta::assert_snapshot!("stale-plan", said.err);
    assert!(lab.read(DEPLOYMENT).contains("runAsNonRoot: false"), "nothing was changed");
    let said = lab.run(&[APPLY, &["-o", "json"]].concat()).expect(4);
    let event: Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!((&event["event"], &event["moved"][0]["now"]), (&"stale".into(), &false.into()));
}

#[test]
fn a_changed_file_and_a_changed_module_are_named() {
    let lab = planned();
    lab.edit("stack.kdl", "6Gi", "7Gi");
    let said = lab.run(APPLY).expect(4);
    assert!(said.err.contains("stack.kdl changed; nothing was changed"), "{}", said.err);
    lab.edit("stack.kdl", "7Gi", "6Gi");
    lab.write("modules/own/module.kdl", "module own extends=app\n");
    let said = lab.run(APPLY).expect(4);
    assert!(said.err.contains("modules/own/module.kdl"), "{}", said.err);
}

#[test]
fn a_plan_for_another_place_or_of_another_format_is_refused() {
    let lab = planned();
    let said = lab.run(&["apply", "--sandbox=other", "plan.json"]).expect(4);
    assert!(said.err.contains("the saved plan is for sandbox .stackctl/sandbox"), "{}", said.err);
    lab.edit("plan.json", "stackctl.saved-plan/1", "stackctl.saved-plan/9");
    let said = lab.run(APPLY).expect(4);
    assert!(said.err.contains("this stackctl reads stackctl.saved-plan/1"), "{}", said.err);
    lab.write("plan.json", "{");
    lab.run(APPLY).expect(4);
    lab.run(&["apply", "--sandbox", "gone.json"]).expect(1);
    lab.run(&["apply", "--sandbox", "plan.json", "--only", "app.jellyfin"]).expect(64);
}

#[test]
fn a_deleted_object_is_noticed() {
    let lab = planned();
    std::fs::remove_file(lab.path().join(DEPLOYMENT)).unwrap();
    let said = lab.run(APPLY).expect(4);
    assert!(said.err.contains("not there"), "{}", said.err);
}

#[test]
fn a_secret_that_changed_since_is_named_and_never_shown() {
    let lab = home("stack tiny\nsecret keys { TOKEN (file)\"token\"; }\n");
    lab.write("token", "canary-one");
    lab.run(&["apply", "--sandbox", "--yes"]).expect(0);
    lab.write("token", "canary-two");
    lab.run(PLAN).expect(0);
    assert!(!lab.read("plan.json").contains("canary"));
    lab.write("token", "canary-three");
    let said = lab.run(APPLY).expect(4);
    insta::assert_snapshot!("stale-secret", said.err);
    lab.write("token", "canary-two");
    lab.run(APPLY).expect(0);
}

#[test]
fn a_destroy_can_be_saved_and_data_must_be_named_in_it() {
    let lab = tiny();
    lab.run(&["apply", "--sandbox", "--yes"]).expect(0);
    lab.run(&[PLAN, &["--destroy"]].concat()).expect(0);
    lab.run(APPLY).expect(0);
    let claims = lab.path().join(".stackctl/sandbox/objects/persistentvolumeclaim/tiny");
    assert!(claims.join("jellyfin-config.yaml").exists());
    assert!(!lab.path().join(DEPLOYMENT).exists());
}

#[test]
fn a_saved_plan_for_machines_is_not_applied_without_them() {
    let lab =
        home("stack tiny\nnode nuc ssh=nuc { sysctl { fs.inotify.max_user_instances 512; }; }\n");
    lab.run(PLAN).expect(0);
    let said = lab.run(&["apply", "--sandbox", "plan.json", "--without-nodes"]).expect(4);
    assert!(said.err.contains("node/nuc/sysctl/fs.inotify.max_user_instances"), "{}", said.err);
    lab.run(APPLY).expect(0);
    assert!(lab.run(APPLY).expect(0).last_line().starts_with("Nothing to do"));
}
