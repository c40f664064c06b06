//! What is a change and what is none.

use serde_json::{Value, json};
use stackctl_model::{Desired, Live, Resource};
use stackctl_plan::refusals;

use crate::lab::{applied, config_map, deployment, plan, request, resource, said};

const IMAGE: &str = "spec.template.spec.containers[jellyfin].image";

fn value(resource: &mut Resource) -> &mut Value {
    match &mut resource.desired {
        Desired::Object(object) => &mut object.value,
        Desired::Setting(_) | Desired::OnNode(_) => panic!("no object"),
    }
}

fn changes(resources: Vec<Resource>, live: &Live) -> Vec<String> {
    said(&plan(request(resources), live).unwrap())
}

#[test]
fn what_was_applied_is_no_change() {
    let live = applied(vec![deployment("a:1")]);
    assert_eq!(changes(vec![deployment("a:1")], &live), Vec::<String>::new());
}

#[test]
fn one_edited_field_is_one_change() {
    let live = applied(vec![deployment("a:1")]);
    let expected = [format!("Update deployment/media/jellyfin [{IMAGE}]")];
    assert_eq!(changes(vec![deployment("a:2")], &live), expected);
}

#[test]
fn a_quantity_in_another_spelling_is_no_change() {
    let live = applied(vec![deployment("a:1")]);
    let mut other = deployment("a:1");
    value(&mut other)["spec"]["template"]["spec"]["containers"][0]["resources"]["limits"] =
        json!({"cpu": "1000m", "memory": "1024Mi"});
    assert_eq!(changes(vec![other], &live), Vec::<String>::new());
}

#[test]
fn what_others_add_is_no_change_and_what_they_change_names_them() {
    let mut live = applied(vec![deployment("a:1")]);
    let object = live.cluster.objects.values_mut().next().unwrap();
    object["metadata"]["annotations"] = json!({"theirs": "x"});
    object["status"] = json!({"replicas": 1});
    assert_eq!(changes(vec![deployment("a:1")], &live), Vec::<String>::new());
    let object = live.cluster.objects.values_mut().next().unwrap();
    object["spec"]["template"]["spec"]["containers"][0]["image"] = json!("a:0");
    let container = "k:{\"name\":\"jellyfin\"}";
    let path = ["f:spec", "f:template", "f:spec", "f:containers", container];
    let mut ours = &mut object["metadata"]["managedFields"][0]["fieldsV1"];
    for name in path {
        ours = &mut ours[name];
    }
    ours.as_object_mut().unwrap().remove("f:image");
    let theirs = json!({"manager": "kubectl-edit", "operation": "Update", "time": "2026-01-01T00:00:00Z",
        "fieldsV1": {"f:spec": {"f:template": {"f:spec": {"f:containers": {container: {"f:image": {}}}}}}}});
    object["metadata"]["managedFields"].as_array_mut().unwrap().push(theirs);
    let plan = plan(request(vec![deployment("a:1")]), &live).unwrap();
    assert_eq!(said(&plan), [format!("Update deployment/media/jellyfin [{IMAGE}]")]);
    assert_eq!(plan.actions[0].changes[0].last_writer.as_deref(), Some("kubectl-edit"));
}

#[test]
fn an_autoscalers_replicas_are_left_and_a_persons_are_repaired() {
    for (manager, expected) in [("kube-controller-manager", 0), ("kubectl", 1)] {
        let mut live = applied(vec![deployment("a:1")]);
        let object = live.cluster.objects.values_mut().next().unwrap();
        object["spec"]["replicas"] = json!(3);
        object["metadata"]["managedFields"][0]["fieldsV1"]["f:spec"]
            .as_object_mut()
            .unwrap()
            .remove("f:replicas");
        let entry = json!({"manager": manager, "operation": "Update", "subresource": "scale",
            "fieldsV1": {"f:spec": {"f:replicas": {}}}});
        object["metadata"]["managedFields"].as_array_mut().unwrap().push(entry);
        assert_eq!(changes(vec![deployment("a:1")], &live).len(), expected, "{manager}");
    }
}

#[test]
fn a_removed_field_is_a_change_of_that_field_only() {
    let live = applied(vec![config_map("c", &json!({"a": "1", "b": "2"}))]);
    let found = changes(vec![config_map("c", &json!({"a": "1"}))], &live);
    assert_eq!(found, ["Update configmap/media/c [data.b]"]);
}

#[test]
fn immutable_fields_are_a_replace_with_reason_and_effect() {
    let class = |replicas: &str| {
        resource(
            json!({"apiVersion": "storage.k8s.io/v1", "kind": "StorageClass", "metadata": {"name": "media"},
                "provisioner": "driver.longhorn.io", "parameters": {"numberOfReplicas": replicas}}),
            3,
        )
    };
    let live = applied(vec![class("1")]);
    let plan = plan(request(vec![class("2")]), &live).unwrap();
    assert_eq!(said(&plan), ["Replace storageclass/media [parameters.numberOfReplicas]"]);
    assert_eq!(plan.actions[0].reason, "parameters.numberOfReplicas: immutable");
    assert!(plan.actions[0].effects[0].contains("existing volumes keep their settings"));
}

#[test]
fn a_claim_that_shrinks_or_changes_its_class_is_data_at_risk() {
    let claim = |class: &str| {
        resource(
            json!({"apiVersion": "v1", "kind": "PersistentVolumeClaim",
                "metadata": {"name": "config", "namespace": "media"},
                "spec": {"storageClassName": class, "accessModes": ["ReadWriteOnce"],
                    "resources": {"requests": {"storage": "5Gi"}}}}),
            4,
        )
    };
    let live = applied(vec![claim("a")]);
    let refused = plan(request(vec![claim("b")]), &live).unwrap();
    let replaced = ["Replace persistentvolumeclaim/media/config [spec.storageClassName]"];
    assert_eq!(said(&refused), replaced);
    assert_eq!(refusals(&refused).len(), 1);
    let mut named = request(vec![claim("b")]);
    named.scope.allow_data_loss = vec!["pvc/media/config".parse().unwrap()];
    let allowed = plan(named, &live).unwrap();
    assert_eq!(said(&allowed), replaced);
    assert_eq!(refusals(&allowed), []);
}
