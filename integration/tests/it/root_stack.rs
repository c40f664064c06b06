//! The root stack on a real control plane: applied until ready, then everything that happens to a lab
//! in its life, in the order it happens. One control plane of its own, since classes are cluster-wide.

use std::time::Duration;

use serde_json::{Value, json};
use stackctl_integration::{ControlPlane, Home, Machines, built_stackctl, repository};

const APPLY: &[&str] = &["apply", "--yes", "--timeout", "3m"];
const PATIENCE: Duration = Duration::from_secs(60);

/// The root stack without its machines.
pub(crate) fn root_stack(cluster: &ControlPlane) -> Home {
    whole_root_stack(cluster).with_variable("STACKCTL_WITHOUT_NODES", "1")
}

fn whole_root_stack(cluster: &ControlPlane) -> Home {
    let stack = std::fs::read_to_string(repository().join("stack.kdl")).unwrap();
    Home::new(built_stackctl(), &stack)
        .with_cluster(cluster)
        .with_variable("JELLYFIN_API_KEY", "canary-8f3a")
}

fn plan(home: &Home) -> Value {
    serde_json::from_str(&home.run(&["plan", "-o", "json"]).expect(0).out).unwrap()
}

/// `(id, action, changed paths)` of each action.
fn actions(plan: &Value) -> Vec<(String, String, Vec<String>)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let actions = plan["actions"].as_array().unwrap();
    actions
        .iter()
        .map(|action| {
            let changes = action["changes"].as_array().unwrap();
            let paths = changes.iter().map(|change| text(&change["path"])).collect();
            (text(&action["id"]), text(&action["action"]), paths)
        })
        .collect()
}

fn owned(id: &str, action: &str, paths: &[&str]) -> (String, String, Vec<String>) {
    (id.to_owned(), action.to_owned(), paths.iter().map(|path| (*path).to_owned()).collect())
}

#[test]
fn life_of_the_root_stack() {
    let cluster = ControlPlane::start().unwrap();
    let machines =
        Machines::start(&["10.0.0.11", "10.0.0.12", "10.0.0.20"], &["iscsi_tcp"]).unwrap();
    let config = machines.config().display().to_string();
    let home = whole_root_stack(&cluster).with_variable("STACKCTL_SSH_CONFIG", &config);
    applies_until_ready(&cluster, &home);
    crate::sandbox::agrees_with(&cluster, &home);
    second_plan_is_empty_and_silent(&cluster, &home);
    other_spellings_and_owners_are_no_change(&cluster, &home);
    drift_is_shown_and_repaired(&cluster, &home);
    removed_field_is_removed(&cluster, &home);
    changed_class_is_a_replace(&cluster, &home);
    removed_app_is_pruned_and_its_claim_stays(&cluster, &home);
}

fn applies_until_ready(cluster: &ControlPlane, home: &Home) {
    let said = home.run(APPLY).expect(0);
    assert!(said.last_line().starts_with("Applied: "), "{}", said.out);
    assert!(!said.out.contains("canary-8f3a") && !said.err.contains("canary-8f3a"));
    for deployment in items(cluster, "deployments") {
        assert_eq!(
            deployment["status"]["availableReplicas"], 1,
            "{:#}",
            deployment["metadata"]["name"]
        );
    }
    for claim in items(cluster, "pvc") {
        assert_eq!(claim["status"]["phase"], "Bound", "{:#}", claim["metadata"]["name"]);
    }
    let gateway = cluster.get(&["-n", "media", "gateway/external"]).unwrap();
    assert!(is_true(&gateway["status"]["conditions"], "Programmed"), "{gateway:#}");
    let routes = items(cluster, "httproutes");
    assert_eq!(gateway["status"]["listeners"][0]["attachedRoutes"], routes.len());
    for route in routes {
        let parents = route["status"]["parents"].as_array().unwrap();
        assert!(!parents.is_empty());
        for parent in parents {
            assert!(is_true(&parent["conditions"], "Accepted"), "{route:#}");
            assert!(is_true(&parent["conditions"], "ResolvedRefs"), "{route:#}");
        }
    }
    let secret = cluster.get(&["-n", "media", "cronjob/jellyfin-scan"]).unwrap();
    assert!(!secret.to_string().contains("canary-8f3a"), "the key is only in its Secret");
}

fn items(cluster: &ControlPlane, kind: &str) -> Vec<Value> {
    let found = cluster.get(&["-n", "media", kind]).unwrap();
    let items = found["items"].as_array().unwrap().clone();
    assert!(!items.is_empty(), "no {kind}");
    items
}

fn is_true(conditions: &Value, name: &str) -> bool {
    let conditions = conditions.as_array().into_iter().flatten();
    conditions.filter(|one| one["type"] == name).any(|one| one["status"] == "True")
}

fn second_plan_is_empty_and_silent(cluster: &ControlPlane, home: &Home) {
    let mut audit = cluster.audit();
    let said = home.run(&["plan", "--detailed-exitcode"]).expect(0);
    assert!(said.last_line().starts_with("Nothing to do"), "{}", said.out);
    let requests = audit.requests_of("stackctl").unwrap();
    assert!(!requests.is_empty(), "it asked the cluster");
    let loud: Vec<_> =
        requests.iter().filter(|one| !matches!(one.verb.as_str(), "get" | "list")).collect();
    assert!(loud.is_empty(), "{loud:#?}");
    let said = home.run(APPLY).expect(0);
    assert!(said.last_line().starts_with("Nothing to do"), "{}", said.out);
}

/// A quantity written otherwise, and an autoscaler that owns `replicas`.
fn other_spellings_and_owners_are_no_change(cluster: &ControlPlane, home: &Home) {
    home.edit("stack.kdl", "memory \"512Mi..1Gi\"", "memory \"512Mi..1024Mi\"");
    home.edit("stack.kdl", "cpu \"500m..1\"", "cpu \"500m..1000m\"");
    assert_eq!(actions(&plan(home)), []);
    let scale = json!({"spec": {"replicas": 2}}).to_string();
    let words =
        ["-n", "media", "patch", "deployment/bazarr", "--subresource=scale", "--type=merge"];
    cluster
        .run(&[&words[..], &["--field-manager=kube-controller-manager", "-p", &scale]].concat())
        .unwrap();
    assert_eq!(actions(&plan(home)), []);
    home.edit("stack.kdl", "app bazarr { ", "app bazarr { label \"tested\" \"yes\"; ");
    home.run(APPLY).expect(0);
    let bazarr = cluster.get(&["-n", "media", "deployment/bazarr"]).unwrap();
    assert_eq!(bazarr["spec"]["replicas"], 2, "the autoscaler's number stays");
    home.edit("stack.kdl", "label \"tested\" \"yes\"; ", "");
    home.run(APPLY).expect(0);
}

fn drift_is_shown_and_repaired(cluster: &ControlPlane, home: &Home) {
    let image = json!({"spec": {"template": {"spec": {"containers": [
        {"name": "jellyfin", "image": "docker.io/jellyfin/jellyfin:10.10.7"}]}}}});
    cluster
        .run(&["-n", "media", "patch", "deployment/jellyfin", "-p", &image.to_string()])
        .unwrap();
    cluster
        .run(&["-n", "media", "annotate", "deployment/jellyfin", "someone.else/note=kept"])
        .unwrap();
    cluster.run(&["-n", "media", "label", "service/sonarr", "someone.else/team=video"]).unwrap();
    let drift = plan(home);
    let path = "spec.template.spec.containers[jellyfin].image";
    assert_eq!(actions(&drift), [owned("deployment/media/jellyfin", "update", &[path])]);
    assert_eq!(drift["actions"][0]["changes"][0]["lastWriter"], "kubectl-patch");
    home.run(APPLY).expect(0);
    let jellyfin = cluster.get(&["-n", "media", "deployment/jellyfin"]).unwrap();
    let containers = &jellyfin["spec"]["template"]["spec"]["containers"];
    assert_eq!(containers[0]["image"], "docker.io/jellyfin/jellyfin:10.11.2");
    assert_eq!(jellyfin["metadata"]["annotations"]["someone.else/note"], "kept");
    let sonarr = cluster.get(&["-n", "media", "service/sonarr"]).unwrap();
    assert_eq!(sonarr["metadata"]["labels"]["someone.else/team"], "video");
    assert_eq!(actions(&plan(home)), []);
}

fn removed_field_is_removed(cluster: &ControlPlane, home: &Home) {
    home.edit("stack.kdl", "app sonarr { ", "app sonarr { env EXTRA=\"1\"; ");
    home.run(APPLY).expect(0);
    home.edit("stack.kdl", "env EXTRA=\"1\"; ", "");
    let [(id, action, paths)] = &actions(&plan(home))[..] else { panic!("{:#?}", plan(home)) };
    assert_eq!((id.as_str(), action.as_str()), ("deployment/media/sonarr", "update"));
    assert!(paths.iter().all(|path| path.contains("env[EXTRA]")), "{paths:?}");
    home.run(APPLY).expect(0);
    let sonarr = cluster.get(&["-n", "media", "deployment/sonarr"]).unwrap();
    assert!(!sonarr.to_string().contains("EXTRA"));
}

fn changed_class_is_a_replace(cluster: &ControlPlane, home: &Home) {
    let before = cluster.get(&["storageclass/media-storage"]).unwrap();
    home.edit("stack.kdl", "media-storage replicas=1", "media-storage replicas=2");
    let said = home.run(&["plan"]).expect(0);
    assert!(said.out.contains("immutable"), "the reason: {}", said.out);
    assert!(said.out.contains("existing volumes keep"), "the effect: {}", said.out);
    let [(id, action, _)] = &actions(&plan(home))[..] else { panic!("{}", said.out) };
    assert_eq!((id.as_str(), action.as_str()), ("storageclass/media-storage", "replace"));
    home.run(APPLY).expect(0);
    let after = cluster.get(&["storageclass/media-storage"]).unwrap();
    assert_eq!(after["parameters"]["numberOfReplicas"], "2");
    assert_ne!(before["metadata"]["uid"], after["metadata"]["uid"]);
    let claim = cluster.get(&["-n", "media", "pvc/library"]).unwrap();
    assert_eq!(claim["status"]["phase"], "Bound", "claims are untouched");
    assert_eq!(actions(&plan(home)), []);
}

fn removed_app_is_pruned_and_its_claim_stays(cluster: &ControlPlane, home: &Home) {
    let stack = home.read("stack.kdl");
    let start = stack.find("app home-assistant {").unwrap();
    let end = start + stack[start..].find("\n}\n").unwrap() + 3;
    home.write("stack.kdl", &format!("{}{}", &stack[..start], &stack[end..]));
    home.run(APPLY).expect(0);
    let gone =
        |kind: &str| cluster.get(&["-n", "media", &format!("{kind}/home-assistant")]).is_err();
    for kind in ["service", "httproute", "ciliumnetworkpolicy"] {
        assert!(gone(kind), "{kind}");
    }
    // What used its data is stopped and kept beside it.
    let stopped = |deployment: &Value| deployment["spec"]["replicas"] == 0;
    cluster.await_object(&["-n", "media", "deployment/home-assistant"], PATIENCE, stopped).unwrap();
    let bound = |claim: &Value| claim["status"]["phase"] == "Bound";
    cluster.await_object(&["-n", "media", "pvc/home-assistant-config"], PATIENCE, bound).unwrap();
    let said = home.run(APPLY).expect(0);
    assert!(said.last_line().starts_with("Nothing to do"), "{}", said.out);
}
