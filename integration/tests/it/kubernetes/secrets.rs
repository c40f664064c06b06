//! Values of Secrets reach the server and nobody else.

use serde_json::json;
use stackctl_engine::Target;
use stackctl_model::{Alphabet, Answer, SecretSource};

use super::lab::Lab;

fn generated() -> SecretSource {
    SecretSource::Generate { alphabet: Alphabet::Hex, length: 32 }
}

/// A file with a value, and where a secret finds it.
fn file(value: &str) -> (tempfile::TempDir, SecretSource) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("value");
    std::fs::write(&path, value).unwrap();
    (folder, SecretSource::File(path.display().to_string()))
}

#[tokio::test]
async fn a_generated_value_is_made_once_and_stays() {
    let mut lab = Lab::new("target-generated").await;
    let secret = |labels: serde_json::Value| json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "key", "labels": labels}});
    lab.add_secret(secret(json!({})), &[("token", generated())]);
    lab.applied().await;
    let first = lab.get("secret/key")["data"]["token"].clone();
    assert!(first.as_str().is_some_and(|value| value.len() > 30), "{first}");
    assert_eq!(lab.actions().await, []);
    lab.add_secret(secret(json!({"tested": "yes"})), &[("token", generated())]);
    lab.applied().await;
    let live = lab.get("secret/key");
    assert_eq!(live["metadata"]["labels"]["tested"], "yes");
    assert_eq!(live["data"]["token"], first);
}

#[tokio::test]
async fn a_value_never_leaves_the_target() {
    let mut lab = Lab::new("target-secret").await;
    let value = json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "key"}});
    let (_folder, source) = file("canary-5d1e");
    lab.add_secret(value.clone(), &[("token", source)]);
    let ended = lab.applied().await;
    assert!(!format!("{:?}{:?}", ended.plan, ended.events).contains("canary-5d1e"));
    assert_eq!(lab.get("secret/key")["data"]["token"], "Y2FuYXJ5LTVkMWU=");
    let question = lab.question();
    let Answer::Kubernetes(live) = lab.target.look(&question).await.unwrap() else { panic!() };
    let text = format!("{live:?}");
    assert!(!text.contains("canary-5d1e") && !text.contains("Y2FuYXJ5LTVkMWU="));
    assert_eq!(live.digests.len(), 1);
    assert_eq!(lab.actions().await, []);
    let (_folder, source) = file("canary-other");
    lab.add_secret(value, &[("token", source)]);
    assert_eq!(lab.actions().await.len(), 1, "another value is a change");
}

#[tokio::test]
async fn a_value_in_a_refusal_is_masked() {
    let mut lab = Lab::new("target-masked").await;
    lab.applied().await;
    // Of this type the server reads the value, and says what it found.
    let value = json!({
        "apiVersion": "v1", "kind": "Secret", "metadata": {"name": "key"},
        "type": "kubernetes.io/dockerconfigjson",
    });
    let (_folder, source) = file("canary-77aa");
    lab.add_secret(value, &[(".dockerconfigjson", source)]);
    let ended = lab.apply().await;
    assert_eq!(ended.report.failed.len(), 1);
    let said = format!("{:?}{:?}{:?}", ended.plan, ended.events, ended.report);
    assert!(!said.contains("canary-77aa"), "{said}");
}
