//! Writes and what they come to: refusals, definitions, replacements, deletions, adoption.

use serde_json::{Value, json};
use stackctl_model::{ActionKind, Cost, Outlook};

use super::lab::{Lab, claim, class, config_map, deployment, service};

#[tokio::test]
async fn a_refused_object_is_named_at_plan_time_and_stops_no_other() {
    let mut lab = Lab::new("target-refused").await;
    lab.applied().await;
    let mut bogus = deployment("bogus");
    bogus["spec"]["bogus"] = json!(1);
    lab.add(bogus);
    let mut port = service("port");
    port["spec"]["ports"][0]["port"] = json!(0);
    lab.add(port);
    let good = lab.add(config_map("good", "1"));
    let plan = lab.planned().await.plan;
    let refused = |name: &str| {
        let mut found = plan.actions.iter().filter(|one| one.id.to_string().ends_with(name));
        found.next().unwrap().objection().unwrap().to_owned()
    };
    assert_eq!(refused("/bogus"), "spec.bogus: field not declared in schema");
    assert!(refused("/port").starts_with("spec.ports[0].port: Invalid value: 0"), "{plan:#?}");
    let report = lab.apply().await.report;
    assert_eq!(report.done, [good]);
    let failures: Vec<&str> =
        report.failed.iter().map(|(_, failure)| failure.message.as_str()).collect();
    assert!(
        failures.contains(&"spec.bogus: field not declared in schema; it was not changed"),
        "{failures:#?}"
    );
}

fn definition(name: &str) -> Value {
    json!({
        "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
        "metadata": {"name": format!("{name}.target.example.com")},
        "spec": {
            "group": "target.example.com", "scope": "Namespaced",
            "names": {"kind": "Shelf", "plural": name, "singular": "shelf", "listKind": "ShelfList"},
            "versions": [{"name": "v1", "served": true, "storage": true, "schema": {
                "openAPIV3Schema": {"type": "object", "properties": {"spec": {
                    "type": "object", "properties": {
                        "books": {"type": "integer"}, "wood": {"type": "string", "default": "oak"},
            }}}}}}],
        },
    })
}

#[tokio::test]
async fn definition_and_its_object_go_in_one_apply() {
    let mut lab = Lab::new("target-definition").await;
    lab.add(definition("shelves"));
    let shelf = lab.add(json!({
        "apiVersion": "target.example.com/v1", "kind": "Shelf", "metadata": {"name": "films"},
        "spec": {"books": 3},
    }));
    let plan = lab.planned().await.plan;
    let action = plan.actions.iter().find(|action| action.id == shelf).unwrap();
    assert_eq!(action.outlook, Outlook::Unconfirmed, "the server could not be asked yet");
    assert!(
        plan.notes.iter().any(|note| note.message.contains("target.example.com/v1 Shelf")),
        "{plan:#?}"
    );
    lab.applied().await;
    let live = lab.get("shelves.target.example.com/films");
    assert_eq!(live["spec"], json!({"books": 3, "wood": "oak"}));
    assert_eq!(lab.actions().await, []);
}

#[tokio::test]
async fn an_object_whose_kind_nobody_defines_says_what_to_install() {
    let mut lab = Lab::new("target-undefined").await;
    lab.add(json!({
        "apiVersion": "nobody.example.com/v1", "kind": "Nothing", "metadata": {"name": "x"},
    }));
    let report = lab.apply().await.report;
    assert_eq!(report.done.len(), 1, "the namespace");
    let failure = &report.failed[0].1;
    assert_eq!(
        failure.message,
        "the cluster does not know nobody.example.com/v1 Nothing; it was not changed"
    );
    assert!(failure.hint.as_ref().unwrap().starts_with("install what defines it"));
}

#[tokio::test]
async fn a_changed_class_is_replaced_and_its_claim_stays() {
    let mut lab = Lab::new("target-class").await;
    lab.add(class("target-class", "1"));
    lab.add(claim("data", "target-class"));
    lab.applied().await;
    let before = lab.get("storageclass/target-class");
    let volume = lab.get("pvc/data")["spec"]["volumeName"].clone();
    lab.add(class("target-class", "2"));
    let plan = lab.planned().await.plan;
    let [action] = &plan.actions[..] else { panic!("{plan:#?}") };
    assert_eq!((action.kind(), action.cost), (ActionKind::Replace, Cost::Nothing));
    lab.applied().await;
    let after = lab.get("storageclass/target-class");
    assert_eq!(after["parameters"]["numberOfReplicas"], "2");
    assert_ne!(before["metadata"]["uid"], after["metadata"]["uid"]);
    assert_eq!(lab.get("pvc/data")["spec"]["volumeName"], volume);
    assert_eq!(lab.actions().await, []);
}

#[tokio::test]
async fn a_rolling_update_becomes_a_recreate() {
    let mut lab = Lab::new("target-recreate").await;
    lab.add(deployment("web"));
    lab.applied().await;
    let mut web = deployment("web");
    web["spec"]["strategy"] = json!({"type": "Recreate"});
    lab.add(web);
    let plan = lab.planned().await.plan;
    assert_eq!(plan.actions[0].objection(), None, "the preview knows about the patch");
    lab.applied().await;
    assert_eq!(lab.get("deployment/web")["spec"]["strategy"], json!({"type": "Recreate"}));
    assert_eq!(lab.actions().await, []);
}

#[tokio::test]
async fn what_leaves_the_stack_is_gone_when_the_apply_ends() {
    let mut lab = Lab::new("target-prune").await;
    lab.add(deployment("web"));
    lab.add(service("web"));
    lab.add(config_map("settings", "1"));
    lab.applied().await;
    lab.clear();
    lab.applied().await;
    for what in ["deployment/web", "service/web", "configmap/settings"] {
        assert!(lab.cluster.get(&["-n", &lab.namespace, what]).is_err(), "{what} is still there");
    }
    let pods = lab.get("pods");
    assert_eq!(pods["items"], json!([]), "a deployment goes with its pods");
    assert_eq!(lab.actions().await, [], "kinds that left the stack are still looked for");
}

#[tokio::test]
async fn an_object_made_anew_since_the_plan_is_not_deleted() {
    let mut lab = Lab::new("target-anew").await;
    let id = lab.add(config_map("settings", "1"));
    lab.applied().await;
    lab.remove(&id);
    let planned = lab.planned().await.plan;
    lab.kubectl(&["delete", "configmap", "settings"]);
    lab.kubectl(&["create", "configmap", "settings"]);
    let action = planned.actions.iter().find(|action| action.id == id).unwrap();
    let target: &dyn stackctl_engine::Target = lab.target.as_ref();
    let error = target.apply(action, &stackctl_engine::SecretData::new()).await.unwrap_err();
    assert!(error.to_string().contains("made anew since the plan"), "{error}");
    lab.get("configmap/settings");
}

#[tokio::test]
async fn what_somebody_else_made_is_adopted_with_its_fields() {
    let mut lab = Lab::new("target-adopt").await;
    lab.applied().await;
    lab.kubectl(&["create", "configmap", "settings", "--from-literal=theirs=1"]);
    let id = lab.add(config_map("settings", "1"));
    let plan = lab.planned().await.plan;
    let [action] = &plan.actions[..] else { panic!("{plan:#?}") };
    assert_eq!((&action.id, action.kind()), (&id, ActionKind::Adopt));
    lab.applied().await;
    let live = lab.get("configmap/settings");
    assert_eq!(live["data"], json!({"key": "1", "theirs": "1"}));
    assert_eq!(lab.actions().await, []);
}

#[tokio::test]
async fn previews_write_nothing() {
    let mut lab = Lab::new("target-preview").await;
    lab.applied().await;
    lab.add(config_map("settings", "1"));
    let mut audit = lab.cluster.audit();
    let plan = lab.planned().await.plan;
    assert_eq!(plan.actions[0].outlook, Outlook::Confirmed);
    let asked = lab.of_this_stack(audit.requests_of("stackctl").unwrap());
    let writes: Vec<_> = asked.iter().filter(|one| one.verb == "patch").collect();
    assert!(writes.iter().all(|one| one.dry_run), "{writes:#?}");
    assert_eq!(writes.len(), 1);
    assert!(lab.cluster.get(&["-n", &lab.namespace, "configmap/settings"]).is_err());
}

#[tokio::test]
async fn a_field_that_another_manager_takes_is_taken_back_and_its_writer_named() {
    let mut lab = Lab::new("target-owner").await;
    lab.add(config_map("settings", "1"));
    lab.applied().await;
    lab.cluster
        .run(&[
            "-n",
            &lab.namespace,
            "patch",
            "configmap/settings",
            "--field-manager=someone",
            "-p",
            "{\"data\":{\"key\":\"2\"}}",
        ])
        .unwrap();
    let plan = lab.planned().await.plan;
    assert_eq!(plan.actions[0].changes[0].last_writer.as_deref(), Some("someone"));
    lab.applied().await;
    assert_eq!(lab.get("configmap/settings")["data"], json!({"key": "1"}));
}
