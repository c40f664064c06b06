//! What the sandbox will not do, as a server would not.

use serde_json::json;
use stackctl_model::ActionKind;

use crate::lab::{Lab, config_map, deployment, namespace, resource, said};

#[tokio::test]
async fn a_broken_object_leaves_the_independent_ones_applied() {
    let lab = Lab::new();
    // Its namespace is in no stack, so the sandbox refuses it.
    let mut homeless = config_map("homeless", &json!({}));
    let value = json!({
        "apiVersion": "v1", "kind": "ConfigMap",
        "metadata": {"name": "homeless", "namespace": "elsewhere"},
    });
    homeless.id = resource(value.clone(), &[]).id;
    homeless.after = [namespace().id].into();
    homeless.desired = resource(value, &[]).desired;
    let dependent = deployment("dependent", "1Gi", &[&homeless]);
    let stack =
        [namespace(), homeless.clone(), dependent.clone(), config_map("a", &json!({"a": "1"}))];
    let (_, report) = lab.apply(&stack).await;
    assert_eq!(report.done.len(), 2, "{report:?}");
    assert_eq!(report.failed[0].0, homeless.id);
    assert!(report.failed[0].1.message.contains("namespace elsewhere does not exist"));
    assert_eq!(report.skipped, [(dependent.id, homeless.id)]);
    let mended =
        [namespace(), deployment("dependent", "1Gi", &[]), config_map("a", &json!({"a": "1"}))];
    lab.settle(&mended).await;
}

#[tokio::test]
async fn an_immutable_field_is_a_planned_replace() {
    let lab = Lab::new();
    let class = |replicas: &str| {
        let value = json!({
            "apiVersion": "storage.k8s.io/v1", "kind": "StorageClass",
            "metadata": {"name": "media-storage"},
            "provisioner": "driver.longhorn.io",
            "parameters": {"numberOfReplicas": replicas},
        });
        [namespace(), resource(value, &[])]
    };
    lab.settle(&class("1")).await;
    let plan = lab.plan(&class("2")).await;
    assert_eq!(
        said(&plan),
        [("storageclass/media-storage".to_owned(), ActionKind::Replace)].into()
    );
    lab.settle(&class("2")).await;
    assert!(
        lab.read("sandbox/objects/storageclass/_cluster/media-storage.yaml").contains("'2'")
            || lab
                .read("sandbox/objects/storageclass/_cluster/media-storage.yaml")
                .contains("\"2\"")
    );
}

#[tokio::test]
async fn an_object_made_anew_since_the_plan_is_not_deleted() {
    let lab = Lab::new();
    let whole = [namespace(), config_map("settings", &json!({"a": "1"}))];
    lab.settle(&whole).await;
    let planned = lab.plan_with(&[namespace()], &Lab::options()).await.unwrap();
    std::fs::remove_file(lab.path("sandbox/objects/configmap/media/settings.yaml")).unwrap();
    lab.settle(&whole).await;
    let report = lab.execute(planned.after(2)).await.unwrap();
    assert!(report.failed[0].1.message.contains("made anew"), "{report:?}");
    assert!(lab.path("sandbox/objects/configmap/media/settings.yaml").exists());
}
