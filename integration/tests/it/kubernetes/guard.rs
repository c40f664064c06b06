//! Writes that were overtaken: what moved between the plan and the write is noticed, and not written over.

use serde_json::json;
use stackctl_engine::{SecretData, Target, TargetError};
use stackctl_model::{Action, Operation, ResourceId, SecretSource};

use super::lab::{Lab, config_map, deployment};

/// The action that is planned for a resource.
async fn planned(lab: &Lab, id: &ResourceId) -> Action {
    let plan = lab.planned().await.plan;
    let found = plan.actions.iter().find(|action| action.id == *id);
    found.unwrap_or_else(|| panic!("{plan:#?}")).clone()
}

async fn write(lab: &Lab, action: &Action) -> Result<(), TargetError> {
    let target: &dyn Target = lab.target.as_ref();
    target.apply(action, &SecretData::new()).await
}

fn is_moved(outcome: &Result<(), TargetError>, words: &str) -> bool {
    matches!(outcome, Err(TargetError::Moved { message }) if message.contains(words))
}

#[tokio::test]
async fn a_field_of_ours_that_moves_after_the_plan_is_not_written_over() {
    let mut lab = Lab::new("guard-field").await;
    let id = lab.add(config_map("settings", "1"));
    lab.applied().await;
    lab.add(config_map("settings", "2"));
    let action = planned(&lab, &id).await;
    lab.kubectl(&[
        "patch",
        "configmap",
        "settings",
        "--type=merge",
        "-p",
        "{\"data\":{\"key\":\"9\"}}",
    ]);
    let outcome = write(&lab, &action).await;
    assert!(is_moved(&outcome, "somebody else changed it since the plan"), "{outcome:?}");
    assert_eq!(lab.get("configmap/settings")["data"]["key"], "9");
}

#[tokio::test]
async fn fields_of_others_and_status_may_move() {
    let mut lab = Lab::new("guard-others").await;
    let id = lab.add(config_map("settings", "1"));
    lab.applied().await;
    lab.add(config_map("settings", "2"));
    let action = planned(&lab, &id).await;
    lab.kubectl(&["annotate", "configmap", "settings", "note=theirs"]);
    write(&lab, &action).await.unwrap();
    let live = lab.get("configmap/settings");
    assert_eq!(
        (&live["data"]["key"], &live["metadata"]["annotations"]["note"]),
        (&json!("2"), &json!("theirs"))
    );
    // An answer that was lost: the same write again finds its work done.
    write(&lab, &action).await.unwrap();
}

#[tokio::test]
async fn what_is_deleted_or_made_after_the_plan_is_noticed() {
    let mut lab = Lab::new("guard-object").await;
    let id = lab.add(config_map("settings", "1"));
    let action = planned(&lab, &id).await;
    lab.applied().await;
    lab.kubectl(&["delete", "configmap", "settings"]);
    lab.kubectl(&["create", "configmap", "settings", "--from-literal=key=9"]);
    let outcome = write(&lab, &action).await;
    assert!(is_moved(&outcome, "somebody else made it since the plan"), "{outcome:?}");
    assert_eq!(lab.get("configmap/settings")["data"]["key"], "9");
    lab.applied().await;
    lab.add(config_map("settings", "2"));
    let action = planned(&lab, &id).await;
    lab.kubectl(&["delete", "configmap", "settings"]);
    let outcome = write(&lab, &action).await;
    assert!(is_moved(&outcome, "it was deleted since the plan"), "{outcome:?}");
}

#[tokio::test]
async fn a_strategy_is_changed_over_what_was_planned_for() {
    let mut lab = Lab::new("guard-strategy").await;
    let id = lab.add(deployment("app"));
    lab.applied().await;
    let mut recreated = deployment("app");
    recreated["spec"]["strategy"] = json!({"type": "Recreate"});
    lab.add(recreated);
    let action = planned(&lab, &id).await;
    let Operation::Update(over) = &action.operation else { panic!("{action:?}") };
    assert!(over.patch_first.is_some());
    lab.kubectl(&["set", "image", "deployment/app", "main=registry.example.com/main:9"]);
    let outcome = write(&lab, &action).await;
    assert!(is_moved(&outcome, "somebody else changed it since the plan"), "{outcome:?}");
    lab.applied().await;
    assert_eq!(lab.get("deployment/app")["spec"]["strategy"], json!({"type": "Recreate"}));
}

#[tokio::test]
async fn a_value_that_moves_after_the_plan_is_not_written_over() {
    let mut lab = Lab::new("guard-secret").await;
    let secret = json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "keys"}});
    let source = SecretSource::Exec("echo one".into());
    let id = lab.add_secret(secret.clone(), &[("token", source)]);
    lab.applied().await;
    let source = SecretSource::Exec("echo two".into());
    lab.add_secret(secret, &[("token", source)]);
    let action = planned(&lab, &id).await;
    lab.kubectl(&[
        "patch",
        "secret",
        "keys",
        "--type=merge",
        "-p",
        "{\"stringData\":{\"token\":\"nine\"}}",
    ]);
    let target: &dyn Target = lab.target.as_ref();
    let value = stackctl_model::SecretValue::new(b"two".to_vec());
    let outcome = target.apply(&action, &[("token".to_owned(), value)].into()).await;
    assert!(is_moved(&outcome, "somebody else changed it since the plan"), "{outcome:?}");
    lab.applied().await;
}

#[tokio::test]
async fn taints_that_others_put_meanwhile_stay() {
    let mut lab = Lab::new("guard-taints").await;
    let cluster = lab.cluster;
    let taints = || {
        let node = cluster.get(&["node", "nuc-02"]).unwrap();
        let all = node["spec"]["taints"].as_array().cloned().unwrap_or_default();
        let keys = all.iter().map(|one| one["key"].as_str().unwrap().to_owned());
        keys.collect::<std::collections::BTreeSet<_>>()
    };
    let id = lab.add(json!({
        "apiVersion": "v1", "kind": "Node", "metadata": {"name": "nuc-02"},
        "spec": {"taints": [{"key": "ours", "effect": "PreferNoSchedule"}]},
    }));
    let action = planned(&lab, &id).await;
    cluster.run(&["taint", "node", "nuc-02", "first=1:PreferNoSchedule"]).unwrap();
    write(&lab, &action).await.unwrap();
    assert_eq!(taints(), ["first", "ours"].map(str::to_owned).into());
    lab.applied().await;
    lab.remove(&id);
    let action = planned(&lab, &id).await;
    cluster.run(&["taint", "node", "nuc-02", "second=1:PreferNoSchedule"]).unwrap();
    write(&lab, &action).await.unwrap();
    assert_eq!(taints(), ["first", "second"].map(str::to_owned).into());
    assert!(!cluster.get(&["node", "nuc-02"]).unwrap().to_string().contains("stackctl.io"));
    cluster.run(&["taint", "node", "nuc-02", "first-", "second-"]).unwrap();
}
