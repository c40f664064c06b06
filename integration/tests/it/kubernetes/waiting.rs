//! Waiting: cheaply, until it is really ready, and with words when it is not.

use std::time::{Duration, Instant};

use serde_json::json;

use super::lab::{Lab, claim, class, config_map, deployment};

#[tokio::test]
async fn a_hundred_deployments_are_awaited_on_one_watch() {
    let mut lab = Lab::new("target-hundred").await;
    for number in 0..100 {
        lab.add(deployment(&format!("web-{number}")));
    }
    let mut audit = lab.cluster.audit();
    let ended = lab.applied().await;
    assert_eq!(ended.report.done.len(), 101);
    // A watch is in the log when it ends; its list is there before.
    drop(lab.target.clone());
    let asked = lab.of_this_stack(audit.requests_of("stackctl").unwrap());
    let lists = asked.iter().filter(|one| one.verb == "list" && one.resource == "deployments");
    assert_eq!(lists.count(), 2, "one to plan, one to begin the watch");
    let reads = asked.iter().filter(|one| one.verb == "get").count();
    assert!(reads <= 4, "{reads} objects were read one by one");
}

#[tokio::test]
async fn an_update_is_awaited_until_its_own_pods_are_there() {
    let mut lab = Lab::new("target-rollout").await;
    lab.add(deployment("web"));
    lab.applied().await;
    for version in 2..6 {
        let mut web = deployment("web");
        web["spec"]["template"]["spec"]["containers"][0]["image"] =
            json!(format!("registry.example.com/main:{version}"));
        lab.add(web);
        lab.applied().await;
        let live = lab.get("deployment/web");
        assert_eq!(live["status"]["observedGeneration"], live["metadata"]["generation"]);
        assert_eq!(live["status"]["updatedReplicas"], 1, "{:#}", live["status"]);
    }
}

#[tokio::test]
async fn a_claim_that_waits_for_its_pod_is_ready() {
    let mut lab = Lab::new("target-consumer").await;
    let mut late = class("target-consumer", "1");
    late["volumeBindingMode"] = json!("WaitForFirstConsumer");
    lab.add(late);
    lab.add(claim("data", "target-consumer"));
    let begun = Instant::now();
    lab.applied().await;
    assert!(begun.elapsed() < Duration::from_secs(10));
    assert_eq!(lab.get("pvc/data")["status"]["phase"], "Pending");
}

#[tokio::test]
async fn a_pod_without_a_place_says_why() {
    let mut lab = Lab::new("target-stuck").await;
    let mut web = deployment("web");
    web["spec"]["template"]["spec"]["nodeSelector"] = json!({"no": "where"});
    lab.add(web);
    let ended = lab.apply_within(Duration::from_secs(9)).await;
    let (_, missing) = &ended.report.timed_out[0];
    assert!(missing.starts_with("0 of 1 pods are ready: 0/3 nodes are available"), "{missing}");
    let mut words = ended.missing();
    let all = words.len();
    words.dedup();
    assert_eq!(words.len(), all, "words are told when they change");
}

#[tokio::test]
async fn a_claim_without_its_class_says_why() {
    let mut lab = Lab::new("target-unbound").await;
    lab.add(claim("data", "no-such-class"));
    let ended = lab.apply_within(Duration::from_secs(25)).await;
    let (_, missing) = &ended.report.timed_out[0];
    assert!(missing.contains("no-such-class"), "{missing}");
}

fn gateway(host: &str) -> serde_json::Value {
    json!({
        "apiVersion": "gateway.networking.k8s.io/v1", "kind": "Gateway",
        "metadata": {"name": "external"},
        "spec": {"gatewayClassName": "cilium", "listeners": [
            {"name": "http", "protocol": "HTTP", "port": 80, "hostname": host}]},
    })
}

fn route(host: &str) -> serde_json::Value {
    json!({
        "apiVersion": "gateway.networking.k8s.io/v1", "kind": "HTTPRoute",
        "metadata": {"name": "web"},
        "spec": {"parentRefs": [{"name": "external"}], "hostnames": [host],
                 "rules": [{"backendRefs": [{"name": "web", "port": 80}]}]},
    })
}

#[tokio::test]
async fn a_route_is_ready_when_its_listener_has_it() {
    let mut lab = Lab::new("target-route").await;
    lab.add(super::lab::service("web"));
    lab.add(gateway("*.target.example.com"));
    lab.add(route("web.target.example.com"));
    lab.applied().await;
    let live = lab.get("gateway/external");
    assert_eq!(live["status"]["listeners"][0]["attachedRoutes"], 1);
    assert_eq!(lab.actions().await, []);
}

#[tokio::test]
async fn a_route_that_no_listener_takes_is_not_ready() {
    let mut lab = Lab::new("target-astray").await;
    lab.add(super::lab::service("web"));
    lab.add(gateway("*.target.example.com"));
    lab.add(route("web.elsewhere.example.com"));
    let ended = lab.apply_within(Duration::from_secs(12)).await;
    let (id, missing) = &ended.report.timed_out[0];
    assert_eq!(id.to_string(), "httproute/target-astray/web");
    // This controller says so in the route itself; others only leave the listener empty.
    assert!(missing.contains("listener"), "{missing}");
}

#[tokio::test]
async fn what_is_ready_at_once_is_not_asked_for_again() {
    let mut lab = Lab::new("target-at-once").await;
    lab.add(config_map("settings", "1"));
    lab.add(super::lab::service("web"));
    let mut audit = lab.cluster.audit();
    lab.applied().await;
    let asked = lab.of_this_stack(audit.requests_of("stackctl").unwrap());
    let lists = asked.iter().filter(|one| one.verb == "list").count();
    assert_eq!(lists, 3, "the plan's own, one per kind");
}
