//! What goes wrong in the middle of an apply, and what the next run does.

use std::io::{BufRead, BufReader};

use base64::Engine;
use base64::prelude::BASE64_STANDARD as STANDARD;
use serde_json::Value;
use stackctl_integration::{ControlPlane, Home, built_stackctl};

use crate::root_stack::root_stack;

const APPLY: &[&str] = &["apply", "--yes", "--timeout", "3m"];

/// A stack in a namespace that no other test has.
pub(crate) fn stack(cluster: &ControlPlane, name: &str, rest: &str) -> Home {
    let text = format!("stack {name}\ncluster context=home\n{rest}");
    Home::new(built_stackctl(), &text).with_cluster(cluster)
}

pub(crate) fn config_map(name: &str) -> String {
    format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}}}\ndata: {{key: value}}\n")
}

#[test]
fn apply_killed_at_ten_moments_is_finished_by_the_next() {
    let cluster = ControlPlane::start().unwrap();
    let home = root_stack(&cluster);
    for moment in 0..10 {
        kill_after(&home, 2 + moment * 6);
        let said = home.run(APPLY).expect(0);
        assert!(
            said.last_line().starts_with("Applied: ")
                || said.last_line().starts_with("Nothing to do"),
            "{}",
            said.out
        );
        let said = home.run(APPLY).expect(0);
        assert!(said.last_line().starts_with("Nothing to do"), "{}", said.out);
        let everything = ["destroy", "--yes", "--allow-data-loss=*"];
        home.run(&everything).expect(0);
    }
}

/// Starts an apply and kills it once this many actions have ended.
fn kill_after(home: &Home, actions: usize) {
    let mut child = home.start(&["apply", "--yes", "-o", "json"]);
    let reader = BufReader::new(child.stdout.take().unwrap());
    let mut ended = 0;
    for line in reader.lines() {
        let event: Value = serde_json::from_str(&line.unwrap()).unwrap();
        if event["event"] == "action-ended" {
            ended += 1;
        }
        if ended >= actions {
            break;
        }
    }
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(ended >= actions, "only {ended} actions ended");
}

#[test]
fn broken_object_in_the_middle_stops_only_what_needs_it() {
    let cluster = ControlPlane::shared();
    let home = stack(cluster, "broken", "manifest \"objects/*.yaml\"\n");
    home.write("objects/a.yaml", &config_map("a"));
    home.write("objects/z.yaml", &config_map("z"));
    let service =
        "apiVersion: v1\nkind: Service\nmetadata: {name: m}\nspec: {ports: [{port: 0}]}\n";
    home.write("objects/m.yaml", service);
    let said = home.run(APPLY).expect(9);
    assert!(
        said.out.contains("service/broken/m") && said.out.contains("spec.ports"),
        "{}",
        said.out
    );
    assert!(said.last_line().starts_with("Partly applied: "), "{}", said.out);
    for name in ["a", "z"] {
        cluster.get(&["-n", "broken", &format!("configmap/{name}")]).unwrap();
    }
    home.edit("objects/m.yaml", "port: 0", "port: 80");
    home.run(APPLY).expect(0);
    assert!(home.run(APPLY).expect(0).last_line().starts_with("Nothing to do"));
}

const DEFINITION: &str = "
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: shelves.lab.example.com}
spec:
  group: lab.example.com
  scope: Namespaced
  names: {kind: Shelf, plural: shelves, singular: shelf, listKind: ShelfList}
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties:
            spec: {type: object, properties: {books: {type: integer}, color: {type: string, default: oak}}}
";

#[test]
fn definition_and_its_resource_go_in_one_apply() {
    let cluster = ControlPlane::shared();
    let home = stack(cluster, "shelves", "manifest \"objects/*.yaml\"\n");
    home.write("objects/definition.yaml", DEFINITION);
    let shelf =
        "apiVersion: lab.example.com/v1\nkind: Shelf\nmetadata: {name: films}\nspec: {books: 3}\n";
    home.write("objects/shelf.yaml", shelf);
    let plan: Value =
        serde_json::from_str(&home.run(&["plan", "-o", "json"]).expect(0).out).unwrap();
    let shelf =
        plan["actions"].as_array().unwrap().iter().find(|one| one["id"] == "shelf/shelves/films");
    assert_eq!(shelf.unwrap()["confirmed"], false);
    home.run(APPLY).expect(0);
    let live = cluster.get(&["-n", "shelves", "shelves.lab.example.com/films"]).unwrap();
    assert_eq!(live["spec"]["color"], "oak", "the server's default");
    assert!(home.run(APPLY).expect(0).last_line().starts_with("Nothing to do"));
}

const WEBHOOK: &str = "
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {name: quiet.example.com}
webhooks:
  - name: quiet.example.com
    admissionReviewVersions: [v1]
    sideEffects: None
    failurePolicy: Ignore
    clientConfig: {service: {name: quiet, namespace: default}}
    rules: [{apiGroups: [none.example.com], apiVersions: [v1], resources: [nothings], operations: [CREATE]}]
";

#[test]
fn injected_certificate_is_no_change() {
    let cluster = ControlPlane::shared();
    let home = stack(cluster, "webhook", "manifest \"webhook.yaml\"\n");
    home.write("webhook.yaml", WEBHOOK);
    home.run(APPLY).expect(0);
    let bundle = cluster.get(&["-n", "kube-system", "configmap/kube-root-ca.crt"]).unwrap();
    let bundle = bundle["data"]["ca.crt"].as_str().unwrap();
    let patch = serde_json::json!([{"op": "add", "path": "/webhooks/0/clientConfig/caBundle",
        "value": STANDARD.encode(bundle)}]);
    let target = "validatingwebhookconfiguration/quiet.example.com";
    cluster
        .run(&[
            "patch",
            target,
            "--type=json",
            "--field-manager=cainjector",
            "-p",
            &patch.to_string(),
        ])
        .unwrap();
    assert!(home.run(&["plan"]).expect(0).last_line().starts_with("Nothing to do"));
}

/// A workload that no node takes.
fn homeless() -> String {
    serde_json::json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "homeless"},
        "spec": {"selector": {"matchLabels": {"app": "homeless"}},
            "template": {"metadata": {"labels": {"app": "homeless"}},
                "spec": {"nodeSelector": {"no": "where"}, "containers": [{"name": "a", "image": "a:1"}]}}}})
    .to_string()
}

#[test]
fn what_is_not_ready_in_time_stays_and_exits_8() {
    let cluster = ControlPlane::shared();
    let home = stack(cluster, "late", "manifest \"objects/*.yaml\"\n");
    home.write("objects/homeless.yaml", &homeless());
    let said = home.run(&["apply", "--yes", "--timeout", "3s"]).expect(8);
    assert!(said.out.contains("not ready in time: deployment/late/homeless"), "{}", said.out);
    cluster.get(&["-n", "late", "deployment/homeless"]).unwrap();
    home.edit("objects/homeless.yaml", "{\"no\":\"where\"}", "{}");
    home.run(APPLY).expect(0);
}

#[test]
fn interrupt_ends_cleanly_with_130_and_termination_with_143() {
    let cluster = ControlPlane::shared();
    let home = stack(cluster, "interrupted", "manifest \"objects/*.yaml\"\n");
    for (signal, code) in [("INT", 130), ("TERM", 143)] {
        home.write("objects/homeless.yaml", &homeless().replace("a:1", &format!("a:{code}")));
        let mut child = home.start(&["apply", "--yes", "-o", "json"]);
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
        assert!(
            lines.any(|line| line.contains("\"waiting\"") && line.contains("homeless")),
            "{signal}"
        );
        let send = || {
            let pid = child.id().to_string();
            std::process::Command::new("kill").args(["-s", signal, &pid]).status().unwrap();
        };
        send();
        assert!(lines.any(|line| line.contains("\"stopping\"")), "{signal}");
        send();
        let last = lines.last().unwrap();
        assert!(
            last.contains("\"finished\"") && last.contains("deployment/interrupted/homeless"),
            "{last}"
        );
        assert_eq!(child.wait().unwrap().code(), Some(code), "{signal}");
    }
}

#[test]
fn cluster_that_is_not_there_exits_10() {
    let home = stack(ControlPlane::shared(), "nowhere", "app jellyfin\n");
    let kubeconfig = serde_json::json!({"apiVersion": "v1", "kind": "Config", "current-context": "home",
        "clusters": [{"name": "home", "cluster": {"server": "https://127.0.0.1:9"}}],
        "contexts": [{"name": "home", "context": {"cluster": "home", "user": "me"}}],
        "users": [{"name": "me", "user": {"token": "x"}}]});
    home.write("kubeconfig", &kubeconfig.to_string());
    let said = home.run(&["plan", "--kubeconfig", "kubeconfig"]).expect(10);
    assert!(said.err.contains("127.0.0.1:9") && said.err.contains("Next: "), "{}", said.err);
    let said = home.run(&["plan", "--context", "hoome"]).expect(10);
    assert!(said.err.contains("did you mean --context home?"), "{}", said.err);
}
