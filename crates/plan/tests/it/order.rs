//! What comes first, what is left out, and what cannot be ordered.

use serde_json::json;
use stackctl_model::{Action, ActionKind, Live, Resource, ResourceId};
use stackctl_plan::PlanError;

use crate::lab::{applied, config_map, deployment, plan, request};

fn id(name: &str) -> ResourceId {
    ResourceId::object("", "ConfigMap", Some("media"), name)
}

fn needing(name: &str, need: &str) -> Resource {
    Resource { after: [id(need)].into(), ..config_map(name, &json!({})) }
}

#[test]
fn a_circle_is_refused_and_shows_its_path() {
    let resources =
        vec![needing("a", "b"), needing("b", "c"), needing("c", "a"), needing("d", "a")];
    let error = plan(request(resources), &Live::default()).unwrap_err();
    let PlanError::Cycle { path } = &error else { panic!("{error}") };
    assert_eq!(path.len(), 3);
    let text = error.to_string();
    assert!(text.contains("configmap/media/a (stack.kdl:1:1) → configmap/media/b"), "{text}");
}

#[test]
fn a_chain_of_five_thousand_is_no_circle() {
    let chain =
        (1..5_000).map(|number| needing(&format!("c{number}"), &format!("c{}", number - 1)));
    let resources = std::iter::once(config_map("c0", &json!({}))).chain(chain).collect();
    assert_eq!(plan(request(resources), &Live::default()).unwrap().summary.create, 5_000);
}

#[test]
fn only_brings_what_it_needs_and_an_unknown_id_is_refused() {
    let resources =
        || vec![needing("a", "b"), config_map("b", &json!({})), config_map("z", &json!({}))];
    let mut only = request(resources());
    only.scope.only = vec!["cm/media/a".parse().unwrap()];
    let plan_only = plan(only, &Live::default()).unwrap();
    let ids: Vec<_> = plan_only.actions.iter().map(|action| action.id.to_string()).collect();
    assert_eq!(ids, ["configmap/media/a", "configmap/media/b"]);
    let mut wrong = request(resources());
    wrong.scope.only = vec!["cm/media/zz".parse().unwrap()];
    let PlanError::UnknownId { suggestion, .. } = plan(wrong, &Live::default()).unwrap_err() else {
        panic!()
    };
    assert_eq!(suggestion.as_deref(), Some("configmap/media/z"));
}

#[test]
fn edges_pass_through_what_is_unchanged() {
    let settled = vec![config_map("b", &json!({}))];
    let live = applied(settled);
    let resources = vec![needing("a", "b"), needing("b", "c"), config_map("c", &json!({}))];
    let plan = plan(request(resources), &live).unwrap();
    let a = plan.actions.iter().find(|action| action.id == id("a")).unwrap();
    assert_eq!(a.after, [id("c")].into());
}

#[test]
fn what_left_the_stack_is_deleted_and_claims_are_retired() {
    let claim = crate::lab::resource(
        json!({"apiVersion": "v1", "kind": "PersistentVolumeClaim",
            "metadata": {"name": "config", "namespace": "media"}, "spec": {}}),
        1,
    );
    let live = applied(vec![deployment("a:1"), claim]);
    let plan = plan(request(Vec::new()), &live).unwrap();
    let kinds: Vec<_> = plan.actions.iter().map(Action::kind).collect();
    assert_eq!(kinds, [ActionKind::Delete, ActionKind::Retire]);
    assert!(plan.actions[1].after.contains(&plan.actions[0].id), "the app goes first");
}

#[test]
fn a_long_chain_of_what_is_unchanged_is_passed_through() {
    let chain = |data: &serde_json::Value| -> Vec<Resource> {
        let links =
            (1..5_000).map(|number| needing(&format!("c{number}"), &format!("c{}", number - 1)));
        std::iter::once(config_map("c0", data)).chain(links).collect()
    };
    let live = applied(chain(&json!({})));
    let mut changed = chain(&json!({"a": "1"}));
    changed[4_999] =
        Resource { after: [id("c4998")].into(), ..config_map("c4999", &json!({"a": "1"})) };
    let plan = plan(request(changed), &live).unwrap();
    assert_eq!(plan.actions.len(), 2);
    assert_eq!(plan.actions[1].after, [id("c0")].into());
}
