//! After an apply the next plan is empty, and asks for no more than it must.

use std::collections::BTreeMap;

use serde_json::json;
use stackctl_model::ActionKind;

use super::lab::{Lab, claim, class, config_map, deployment, service};

/// One of each kind that is applied most, written without what the server fills in.
async fn common(stem: &str) -> Lab {
    let mut lab = Lab::new(stem).await;
    lab.add(class(stem, "2"));
    lab.add(claim("data", stem));
    lab.add(config_map("settings", "1"));
    lab.add(service("web"));
    let mut web = deployment("web");
    web["spec"]["template"]["spec"]["volumes"] =
        json!([{"name": "data", "persistentVolumeClaim": {"claimName": "data"}}]);
    lab.add(web);
    lab.add(json!({
        "apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": {"name": "deny"},
        "spec": {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]},
    }));
    lab.add(json!({
        "apiVersion": "batch/v1", "kind": "CronJob", "metadata": {"name": "scan"},
        "spec": {"schedule": "0 4 * * *", "jobTemplate": {"spec": {"template": {"spec": {
            "restartPolicy": "Never", "containers": [{"name": "scan", "image": "example.com/scan:1"}],
        }}}}},
    }));
    lab
}

#[tokio::test]
async fn second_plan_asks_one_list_per_kind_and_nothing_else() {
    let lab = common("target-silent").await;
    let first = lab.applied().await;
    assert_eq!(first.report.done.len(), 8);
    let mut audit = lab.cluster.audit();
    assert_eq!(lab.actions().await, []);
    let asked = lab.of_this_stack(audit.requests_of("stackctl").unwrap());
    let mut lists: BTreeMap<&str, usize> = BTreeMap::new();
    for request in asked.iter().filter(|request| request.verb == "list") {
        *lists.entry(&request.resource).or_default() += 1;
    }
    let kinds = [
        "configmaps",
        "cronjobs",
        "deployments",
        "namespaces",
        "networkpolicies",
        "persistentvolumeclaims",
        "services",
        "storageclasses",
    ];
    assert_eq!(lists, kinds.into_iter().map(|kind| (kind, 1)).collect(), "one list per kind");
    let others: Vec<_> = asked.iter().filter(|request| request.verb != "list").collect();
    assert_eq!(others.len(), 1, "the stack's own record alone is read: {others:#?}");
    assert_eq!((others[0].verb.as_str(), others[0].resource.as_str()), ("get", "configmaps"));
}

#[tokio::test]
async fn quantities_in_another_spelling_are_no_change() {
    let mut lab = Lab::new("target-quantities").await;
    let mut web = deployment("web");
    let resources = |cpu: &str, memory: &str| json!({"requests": {"cpu": cpu, "memory": memory}, "limits": {"memory": memory}});
    web["spec"]["template"]["spec"]["containers"][0]["resources"] = resources("1000m", "1024Mi");
    lab.add(web.clone());
    lab.applied().await;
    for (cpu, memory) in [("1", "1Gi"), ("1000m", "1Gi"), ("1.0", "1024Mi")] {
        web["spec"]["template"]["spec"]["containers"][0]["resources"] = resources(cpu, memory);
        lab.add(web.clone());
        assert_eq!(lab.actions().await, [], "{cpu} {memory}");
    }
    web["spec"]["template"]["spec"]["containers"][0]["resources"] = resources("1", "2Gi");
    lab.add(web);
    assert_eq!(lab.actions().await.len(), 1, "a real change is still seen");
}

#[tokio::test]
async fn replicas_of_an_autoscaler_are_left_alone() {
    let mut lab = Lab::new("target-autoscaler").await;
    let mut web = deployment("web");
    web["spec"]["replicas"] = json!(1);
    lab.add(web.clone());
    lab.applied().await;
    let scale = json!({"spec": {"replicas": 3}}).to_string();
    let words = ["patch", "deployment/web", "--subresource=scale", "--type=merge"];
    let manager = ["--field-manager=kube-controller-manager", "-p", &scale];
    lab.kubectl(&[&words[..], &manager].concat());
    assert_eq!(lab.actions().await, []);
    web["metadata"]["labels"] = json!({"tested": "yes"});
    lab.add(web);
    lab.applied().await;
    let live = lab.get("deployment/web");
    assert_eq!(live["spec"]["replicas"], 3);
    assert_eq!(live["metadata"]["labels"]["tested"], "yes");
}

#[tokio::test]
async fn drift_is_repaired_and_what_others_added_stays() {
    let lab = common("target-drift").await;
    lab.applied().await;
    let image = json!({"spec": {"template": {"spec": {"containers": [
        {"name": "main", "image": "registry.example.com/main:0"}]}}}});
    lab.kubectl(&["patch", "deployment/web", "-p", &image.to_string()]);
    lab.kubectl(&["annotate", "deployment/web", "someone.else/note=kept"]);
    lab.kubectl(&["label", "service/web", "someone.else/team=video"]);
    let path = "spec.template.spec.containers[main].image".to_owned();
    let id = "deployment/target-drift/web".to_owned();
    assert_eq!(lab.actions().await, [(id, ActionKind::Update, vec![path])]);
    let plan = lab.planned().await.plan;
    assert_eq!(plan.actions[0].changes[0].last_writer.as_deref(), Some("kubectl-patch"));
    lab.applied().await;
    let live = lab.get("deployment/web");
    let container = &live["spec"]["template"]["spec"]["containers"][0];
    assert_eq!(container["image"], "registry.example.com/main:1");
    assert_eq!(live["metadata"]["annotations"]["someone.else/note"], "kept");
    assert_eq!(lab.get("service/web")["metadata"]["labels"]["someone.else/team"], "video");
    assert_eq!(lab.actions().await, []);
}

#[tokio::test]
async fn a_list_of_several_pages_is_read_to_its_end() {
    let mut lab = Lab::new("target-pages").await;
    for number in 0..1020 {
        lab.add(config_map(&format!("map-{number:04}"), "1"));
    }
    let ended = lab.applied().await;
    assert_eq!(ended.report.done.len(), 1021);
    let mut audit = lab.cluster.audit();
    assert_eq!(lab.actions().await, []);
    let asked = lab.of_this_stack(audit.requests_of("stackctl").unwrap());
    let pages = asked.iter().filter(|one| one.verb == "list" && one.resource == "configmaps");
    assert_eq!(pages.count(), 3);
}
