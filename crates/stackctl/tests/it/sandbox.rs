//! The main job in the sandbox: plan, diff, apply, again.

use stackctl_integration::Home;

use crate::command::{copy_of, home, repository};

fn root_stack() -> Home {
    home(&std::fs::read_to_string(repository().join("stack.kdl")).unwrap())
}

const APPLY: &[&str] = &["apply", "--sandbox", "--yes"];

#[test]
fn the_root_stack_is_applied_once() {
    let lab = root_stack();
    let plan = lab.run(&["plan", "--sandbox"]).expect(0);
    insta::assert_snapshot!("root-plan", plan.out);
    let applied = lab.run(APPLY).expect(0);
    assert!(applied.last_line().starts_with("Applied: "), "{}", applied.out);
    let again = lab.run(APPLY).expect(0);
    assert!(again.last_line().starts_with("Nothing to do"), "{}", again.out);
    assert!(
        lab.run(&["diff", "--sandbox", "--detailed-exitcode"])
            .expect(0)
            .err
            .contains("target: sandbox")
    );
}

#[test]
fn diff_shows_exactly_the_edited_field() {
    let lab = root_stack();
    lab.run(APPLY).expect(0);
    lab.edit("stack.kdl", "memory \"2Gi..5Gi\"", "memory \"2Gi..6Gi\"");
    let diff = lab.run(&["diff", "--sandbox"]).expect(0);
    insta::assert_snapshot!("one-field", diff.out);
    let json = lab.run(&["diff", "--sandbox", "-o", "json"]).expect(0);
    let plan: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!(plan["actions"].as_array().unwrap().len(), 1);
    assert_eq!(plan["actions"][0]["changes"].as_array().unwrap().len(), 1);
}

#[test]
fn plans_are_the_same_byte_for_byte() {
    let lab = root_stack();
    let plan = || lab.run(&["plan", "--sandbox", "-o", "json"]).expect(0).out;
    assert_eq!(plan(), plan());
}

#[test]
fn claims_outlive_their_app() {
    let lab = home("stack tiny\napp jellyfin\napp sonarr\n");
    lab.run(APPLY).expect(0);
    lab.write("stack.kdl", "stack tiny\napp jellyfin\n");
    let plan = lab.run(&["plan", "--sandbox"]).expect(0);
    insta::assert_snapshot!("removed-app", plan.out);
    lab.run(APPLY).expect(0);
    let claims =
        lab.path().join(".stackctl/sandbox/objects/persistentvolumeclaim/tiny/sonarr-config.yaml");
    assert!(claims.exists());
    assert!(lab.run(APPLY).expect(0).last_line().starts_with("Nothing to do"));
}

#[test]
fn examples_plan_and_apply() {
    for entry in std::fs::read_dir(repository().join("examples")).unwrap() {
        let entry = entry.unwrap();
        // The others are for CI, and run against a cluster.
        if !entry.path().join("stack.kdl").exists() {
            continue;
        }
        let name = entry.file_name().into_string().unwrap();
        let lab = copy_of(&format!("examples/{name}")).with_variable("JELLYFIN_TOKEN", "a-token");
        let _ = lab.run(&["plan", "--sandbox"]).expect(0);
        let _ = lab.run(APPLY).expect(0);
        let again = lab.run(APPLY).expect(0);
        assert!(again.last_line().starts_with("Nothing to do"), "{name}: {}", again.out);
    }
}

#[test]
fn embedded_modules_pass_their_tests() {
    let lab = copy_of("modules");
    let said = lab.run(&["module", "test", "."]).expect(0);
    assert!(said.out.contains("jellyfin"), "{}", said.out);
}

#[test]
fn a_secret_that_is_missing_stops_an_apply_before_it_writes() {
    let lab = home("stack tiny\nsecret token { KEY (env)NOT_SET_ANYWHERE; }\n");
    lab.run(&["plan", "--sandbox"]).expect(0);
    let said = lab.run(APPLY).expect(1);
    assert!(said.err.contains("NOT_SET_ANYWHERE"), "{}", said.err);
    assert!(!lab.path().join(".stackctl/sandbox/objects/namespace").exists());
}

#[test]
fn the_plan_has_a_markdown_form_for_pull_requests() {
    let lab = root_stack();
    let said = lab.run(&["plan", "--sandbox", "-o", "markdown"]).expect(0);
    assert!(said.out.starts_with("<!-- stackctl:plan:home -->"), "{}", said.out);
    assert!(said.out.len() < 65_000);
}

#[test]
fn graph_and_render_are_stable() {
    let lab = root_stack();
    for format in ["mermaid", "dot", "json"] {
        let first = lab.run(&["graph", "--format", format]).expect(0).out;
        assert!(first.contains("deployment/media/jellyfin"), "{format}");
        assert_eq!(first, lab.run(&["graph", "--format", format]).expect(0).out);
    }
    lab.run(&["render", "--to", "manifests"]).expect(0);
    assert!(lab.path().join("manifests/deployment_media_jellyfin.yaml").exists());
}
