//! Create, change, remove; then nothing is left to do.

use serde_json::json;
use stackctl_engine::PlanOptions;
use stackctl_model::{ActionKind, Resource};
use stackctl_plan::{Goal, PlanScope};

use crate::lab::{Lab, changes, claim, config_map, deployment, namespace, pattern, said};

fn stack(memory: &str) -> Vec<Resource> {
    let config = claim("jellyfin-config", "20Gi");
    let app = deployment("jellyfin", memory, &[&config]);
    vec![namespace(), config, app, config_map("settings", &json!({"theme": "dark"}))]
}

#[tokio::test]
async fn all_is_created_once() {
    let lab = Lab::new();
    let (plan, report) = lab.apply(&stack("5Gi")).await;
    assert_eq!(plan.summary.create, 4);
    assert_eq!(report.done.len(), 4);
    assert!(lab.read("sandbox/objects/deployment/media/jellyfin.yaml").contains("memory: 5Gi"));
    let journal = lab.read("sandbox/journal");
    let (plan, report) = lab.apply(&stack("5Gi")).await;
    assert_eq!(said(&plan), [].into(), "{plan:#?}");
    assert_eq!(plan.summary.unchanged, 4);
    assert!(report.done.is_empty());
    assert_eq!(lab.read("sandbox/journal"), journal, "nothing was written");
}

#[tokio::test]
async fn looking_makes_no_folder() {
    let lab = Lab::new();
    assert_eq!(lab.plan(&stack("5Gi")).await.summary.create, 4);
    assert!(!lab.path("sandbox").exists());
}

#[tokio::test]
async fn one_edited_value_is_one_change() {
    let lab = Lab::new();
    lab.settle(&stack("5Gi")).await;
    let plan = lab.plan(&stack("6Gi")).await;
    assert_eq!(
        changes(&plan),
        ["deployment/media/jellyfin \
          spec.template.spec.containers[jellyfin].resources.limits.memory: \"5Gi\" -> \"6Gi\""]
    );
    lab.settle(&stack("6Gi")).await;
}

#[tokio::test]
async fn another_spelling_of_a_quantity_is_no_change() {
    let lab = Lab::new();
    lab.settle(&stack("5Gi")).await;
    let plan = lab.plan(&stack("5120Mi")).await;
    assert_eq!(changes(&plan), Vec::<String>::new());
}

#[tokio::test]
async fn what_left_the_stack_is_pruned_and_claims_are_retired() {
    let lab = Lab::new();
    lab.settle(&stack("5Gi")).await;
    let rest = [namespace(), config_map("settings", &json!({"theme": "dark"}))];
    let (plan, report) = lab.apply(&rest).await;
    assert_eq!(
        said(&plan),
        [
            ("deployment/media/jellyfin".to_owned(), ActionKind::Delete),
            ("persistentvolumeclaim/media/jellyfin-config".to_owned(), ActionKind::Retire),
        ]
        .into()
    );
    assert!(report.is_complete(), "{report:?}");
    assert!(!lab.path("sandbox/objects/deployment").exists());
    let kept = lab.read("sandbox/objects/persistentvolumeclaim/media/jellyfin-config.yaml");
    assert!(kept.contains("stackctl.io/retired-at: \"20"), "{kept}");
    assert!(!kept.contains("applyset.kubernetes.io/part-of"), "{kept}");
    assert_eq!(said(&lab.plan(&rest).await), [].into());
}

#[tokio::test]
async fn a_removed_field_goes_and_one_of_others_stays() {
    let lab = Lab::new();
    let with = |data| [namespace(), config_map("settings", &data)];
    lab.settle(&with(json!({"a": "1", "b": "2"}))).await;
    lab.edit("sandbox/objects/configmap/media/settings.yaml", "data:\n", "data:\n  theirs: x\n");
    let after = with(json!({"a": "1"}));
    let plan = lab.plan(&after).await;
    assert_eq!(changes(&plan), ["configmap/media/settings data.b: \"2\" -> null"]);
    lab.settle(&after).await;
    let file = lab.read("sandbox/objects/configmap/media/settings.yaml");
    assert!(file.contains("theirs: x") && !file.contains("b: "), "{file}");
}

#[tokio::test]
async fn what_exists_without_the_mark_is_adopted() {
    let lab = Lab::new();
    lab.settle(&[namespace()]).await;
    std::fs::create_dir_all(lab.path("sandbox/objects/configmap/media")).unwrap();
    std::fs::write(
        lab.path("sandbox/objects/configmap/media/settings.yaml"),
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings, namespace: media}\n\
         data: {a: '1', theirs: x}\n",
    )
    .unwrap();
    let stack = [namespace(), config_map("settings", &json!({"a": "2"}))];
    let plan = lab.plan(&stack).await;
    assert_eq!(said(&plan), [("configmap/media/settings".to_owned(), ActionKind::Adopt)].into());
    lab.settle(&stack).await;
    assert!(lab.read("sandbox/objects/configmap/media/settings.yaml").contains("theirs: x"));
}

#[tokio::test]
async fn destroy_keeps_claims_and_their_namespace() {
    let lab = Lab::new();
    lab.settle(&stack("5Gi")).await;
    let destroy = PlanOptions { scope: PlanScope::all_of(Goal::Destroy), ..Lab::options() };
    let (_, report) = lab.apply_with(&stack("5Gi"), &destroy).await;
    assert!(report.is_complete(), "{report:?}");
    assert!(!lab.path("sandbox/objects/deployment").exists());
    assert!(!lab.path("sandbox/objects/configmap").exists());
    assert!(lab.path("sandbox/objects/persistentvolumeclaim/media/jellyfin-config.yaml").exists());
    assert!(lab.path("sandbox/objects/namespace/_cluster/media.yaml").exists());
}

#[tokio::test]
async fn only_what_is_asked_for_and_what_it_needs_is_made() {
    let lab = Lab::new();
    let scope =
        PlanScope { only: vec![pattern("deploy/media/*")], ..PlanScope::all_of(Goal::Apply) };
    let only = PlanOptions { scope, ..Lab::options() };
    let planned = lab.plan_with(&stack("5Gi"), &only).await.unwrap();
    assert_eq!(
        said(&planned.plan).into_keys().collect::<Vec<_>>(),
        [
            "deployment/media/jellyfin",
            "namespace/media",
            "persistentvolumeclaim/media/jellyfin-config"
        ]
    );
}

#[tokio::test]
async fn kinds_without_a_table_are_said_to_be_approximated() {
    let lab = Lab::new();
    let mut stack = vec![namespace()];
    let widget = json!({
        "apiVersion": "x.example.com/v1", "kind": "Widget",
        "metadata": {"name": "w", "namespace": "media"}, "spec": {"size": 1},
    });
    stack.push(crate::lab::resource(widget, &[]));
    let plan = lab.plan(&stack).await;
    assert!(
        plan.notes.iter().any(|note| note.message.contains("Widget (x.example.com)")),
        "{:?}",
        plan.notes
    );
    lab.settle(&stack).await;
}
