//! Files edited by hand.

use serde_json::json;
use stackctl_engine::EngineError;
use stackctl_model::ActionKind;

use crate::lab::{Lab, changes, config_map, deployment, namespace, said};

#[tokio::test]
async fn an_edit_by_hand_is_drift_and_is_repaired() {
    let lab = Lab::new();
    let stack = [namespace(), deployment("sonarr", "1Gi", &[])];
    lab.settle(&stack).await;
    lab.edit("sandbox/objects/deployment/media/sonarr.yaml", ":1.0.0", ":0.9.0");
    let plan = lab.plan(&stack).await;
    assert_eq!(
        changes(&plan),
        ["deployment/media/sonarr spec.template.spec.containers[sonarr].image: \
          \"docker.io/sonarr/sonarr:0.9.0\" -> \"docker.io/sonarr/sonarr:1.0.0\""]
    );
    lab.settle(&stack).await;
    assert!(lab.read("sandbox/objects/deployment/media/sonarr.yaml").contains(":1.0.0"));
}

#[tokio::test]
async fn a_file_deleted_by_hand_is_made_again() {
    let lab = Lab::new();
    let stack = [namespace(), config_map("settings", &json!({"a": "1"}))];
    lab.settle(&stack).await;
    std::fs::remove_file(lab.path("sandbox/objects/configmap/media/settings.yaml")).unwrap();
    let plan = lab.plan(&stack).await;
    assert_eq!(said(&plan), [("configmap/media/settings".to_owned(), ActionKind::Create)].into());
    lab.settle(&stack).await;
}

#[tokio::test]
async fn a_broken_file_is_an_error_with_its_name() {
    let lab = Lab::new();
    let stack = [namespace(), config_map("settings", &json!({"a": "1"}))];
    lab.settle(&stack).await;
    std::fs::write(lab.path("sandbox/objects/configmap/media/settings.yaml"), "a: [\n").unwrap();
    let Err(EngineError::Observe(error)) = lab.plan_with(&stack, &Lab::options()).await else {
        panic!("a broken file was read");
    };
    assert!(error.to_string().contains("configmap/media/settings.yaml: line "), "{error}");
    assert!(error.hint().unwrap().contains("mend or delete the file"));
}
