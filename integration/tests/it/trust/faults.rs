//! Faults between us and the API server, and of the API server itself: each ends in success, or in words
//! that say what was and was not changed and what to type next.

use std::io::{BufRead, BufReader};
use std::time::Duration;

use serde_json::{Value, json};
use stackctl_integration::{ControlPlane, Home, Program, Proxy, built_stackctl};

use crate::robustness::config_map;

const APPLY: &[&str] = &["apply", "--yes", "--request-timeout", "2s"];
const OBJECTS: usize = 20;

/// A stack of small objects, reached through a kubeconfig.
fn home(name: &str, kubeconfig: &std::path::Path) -> Home {
    let text = format!("stack {name}\ncluster context=home\nmanifest \"objects/*.yaml\"\n");
    let home = Home::new(built_stackctl(), &text).with_kubeconfig(kubeconfig);
    for number in 0..OBJECTS {
        home.write(&format!("objects/{number}.yaml"), &config_map(&format!("object-{number}")));
    }
    home
}

fn is_whole(cluster: &ControlPlane, name: &str) {
    let live = cluster.get(&["-n", name, "configmaps"]).unwrap();
    let items = live["items"].as_array().unwrap().iter();
    let ours = items.filter(|one| one["metadata"]["name"].as_str().unwrap().starts_with("object-"));
    assert_eq!(ours.count(), OBJECTS);
}

fn through_a_fault(name: &str, toxic: &Value) {
    let cluster = ControlPlane::shared();
    let proxy = Proxy::before(cluster).unwrap();
    let home = home(name, proxy.kubeconfig());
    proxy.add(toxic).unwrap();
    home.run(APPLY).expect(0);
    is_whole(cluster, name);
    proxy.clear().unwrap();
    assert!(home.run(&["plan"]).expect(0).last_line().starts_with("Nothing to do"));
}

#[test]
fn broken_connections_are_made_anew() {
    let toxic = json!({"type": "reset_peer", "attributes": {"timeout": 0}, "toxicity": 0.3});
    through_a_fault("fault-reset", &toxic);
}

#[test]
fn slow_answers_are_waited_for() {
    through_a_fault(
        "fault-slow",
        &json!({"type": "latency", "attributes": {"latency": 150, "jitter": 100}}),
    );
}

#[test]
fn answers_that_never_come_are_given_up_and_asked_for_again() {
    let cluster = ControlPlane::shared();
    let proxy = Proxy::before(cluster).unwrap();
    let home = home("fault-silent", proxy.kubeconfig());
    let mut child = home.start(&[APPLY, &["-o", "json", "--parallelism", "1"]].concat());
    let lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    let mut retried = false;
    let mut ended = 0;
    for line in lines {
        let event: Value = serde_json::from_str(&line).unwrap();
        retried |= event["event"] == "retrying";
        if event["event"] == "action-ended" {
            assert_eq!(event["outcome"]["outcome"], "done", "{event}");
            ended += 1;
            if ended == 5 {
                // Writes arrive, and no answer comes back: the connection is half open.
                proxy.add(&json!({"type": "timeout", "stream": "downstream", "attributes": {"timeout": 0}})).unwrap();
                std::thread::sleep(Duration::from_millis(2500));
                proxy.clear().unwrap();
            }
        }
    }
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert!(retried, "nothing was asked for again");
    is_whole(cluster, "fault-silent");
}

#[test]
fn a_crowded_api_server_is_asked_again_when_it_says() {
    let cluster = ControlPlane::start().unwrap();
    let level = "
apiVersion: flowcontrol.apiserver.k8s.io/v1
kind: PriorityLevelConfiguration
metadata: {name: narrow}
spec:
  type: Limited
  limited: {nominalConcurrencyShares: 1, lendablePercent: 0, borrowingLimitPercent: 0, limitResponse: {type: Reject}}
---
apiVersion: flowcontrol.apiserver.k8s.io/v1
kind: FlowSchema
metadata: {name: narrow}
spec:
  matchingPrecedence: 50
  priorityLevelConfiguration: {name: narrow}
  rules:
    - subjects: [{kind: User, user: {name: operator}}]
      resourceRules: [{verbs: [patch], apiGroups: [''], resources: [configmaps], namespaces: ['*']}]
";
    let home = home("fault-crowded", cluster.operator_kubeconfig());
    home.run(&["apply", "--yes", "--only", "namespace/fault-crowded"]).expect(0);
    cluster.apply(level).unwrap();
    std::thread::sleep(Duration::from_secs(1));
    let mut child = home.start(&["apply", "--yes", "-o", "json"]);
    let lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    let mut causes = 0;
    for line in lines {
        let event: Value = serde_json::from_str(&line).unwrap();
        if event["event"] == "retrying" {
            causes += 1;
            assert!(event["cause"].as_str().unwrap().contains("oo many requests"), "{event}");
            assert!(event["pause"].as_u64().unwrap() >= 1000, "Retry-After is kept: {event}");
        }
    }
    let status = child.wait().unwrap();
    let mut said = String::new();
    std::io::Read::read_to_string(&mut child.stderr.take().unwrap(), &mut said).unwrap();
    assert_eq!(status.code(), Some(0), "{said}");
    assert!(causes > 0, "it was never crowded");
    is_whole(&cluster, "fault-crowded");
}

#[test]
fn an_api_server_that_restarts_in_the_middle_is_waited_for() {
    let cluster = ControlPlane::start().unwrap();
    let home = home("fault-restart", cluster.operator_kubeconfig());
    let mut child = home.start(&["apply", "--yes", "-o", "json", "--parallelism", "1"]);
    let lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    let mut ended = 0;
    for line in lines {
        let event: Value = serde_json::from_str(&line).unwrap();
        if event["event"] == "action-ended" {
            assert_eq!(event["outcome"]["outcome"], "done", "{event}");
            ended += 1;
            if ended == 5 {
                cluster.kill(Program::ApiServer).unwrap();
                cluster.revive(Program::ApiServer).unwrap();
            }
        }
    }
    assert_eq!(child.wait().unwrap().code(), Some(0));
    is_whole(&cluster, "fault-restart");
}

#[test]
fn credentials_that_are_refused_from_now_on_are_said() {
    let cluster = ControlPlane::shared();
    let home = home("fault-expired", cluster.operator_kubeconfig());
    let text = std::fs::read_to_string(cluster.operator_kubeconfig()).unwrap();
    let mut config: Value = serde_json::from_str(&text).unwrap();
    let token = config["users"][0]["user"]["token"].as_str().unwrap().to_owned();
    // A login whose first token soon expires, and whose next one is refused.
    let login = format!(
        "#!/bin/sh\nif [ -e used ]; then T=stale; else T={token}; touch used; fi\n\
         printf '{{\"apiVersion\":\"client.authentication.k8s.io/v1\",\"kind\":\"ExecCredential\",\"status\":\
         {{\"token\":\"%s\",\"expirationTimestamp\":\"'$(date -u -d '+70 seconds' +%Y-%m-%dT%H:%M:%SZ)'\"}}}}' $T\n"
    );
    home.write("login", &login);
    config["users"][0]["user"] = json!({"exec": {"apiVersion": "client.authentication.k8s.io/v1",
        "command": "sh", "args": ["login"], "interactiveMode": "Never"}});
    home.write("kubeconfig", &config.to_string());
    let words = ["--kubeconfig", "kubeconfig"];
    home.run(&[&["plan"], &words[..]].concat()).expect(0);
    // The first token was good; from now on the login gives one that is not.
    let said = home.run(&[&["apply", "--yes"], &words[..]].concat()).expect(10);
    assert!(
        said.err.contains("does not accept the credentials") && said.err.contains("Next: log in"),
        "{}",
        said.err
    );
    assert!(!said.err.contains(&token) && !said.err.contains("stale"), "{}", said.err);
    home.run(APPLY).expect(0);
}

const POLICY: &str = "
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: no-sevens}
spec:
  failurePolicy: Fail
  matchConstraints:
    namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: fault-refused}}
    resourceRules: [{apiGroups: [''], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [configmaps]}]
  validations: [{expression: \"object.metadata.name != 'object-7'\", message: 'sevens are not welcome here'}]
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {name: no-sevens}
spec: {policyName: no-sevens, validationActions: [Deny]}
";

#[test]
fn what_an_admission_policy_refuses_is_named_and_the_rest_goes_on() {
    let cluster = ControlPlane::shared();
    let home = home("fault-refused", cluster.operator_kubeconfig());
    home.run(&["apply", "--yes", "--only", "namespace/fault-refused"]).expect(0);
    cluster.apply(POLICY).unwrap();
    let begun = std::time::Instant::now();
    while cluster
        .run(&["-n", "fault-refused", "create", "configmap", "object-7", "--dry-run=server"])
        .is_ok()
    {
        assert!(begun.elapsed() < Duration::from_secs(30), "the policy does not hold");
        std::thread::sleep(Duration::from_millis(200));
    }
    let said = home.run(&["apply", "--yes"]).expect(9);
    assert!(said.out.contains("configmap/fault-refused/object-7"), "{}", said.out);
    assert!(
        said.out.contains("sevens are not welcome here") && said.out.contains("it was not changed"),
        "{}",
        said.out
    );
    assert!(said.last_line().starts_with("Partly applied: 19 done, 1 failed"), "{}", said.out);
    cluster.run(&["delete", "validatingadmissionpolicybinding", "no-sevens"]).unwrap();
    std::thread::sleep(Duration::from_secs(2));
    home.run(&["apply", "--yes"]).expect(0);
    is_whole(cluster, "fault-refused");
}

const WEBHOOK: &str = "
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {name: silent.example.com}
webhooks:
  - name: silent.example.com
    admissionReviewVersions: [v1]
    sideEffects: None
    failurePolicy: Fail
    timeoutSeconds: 1
    clientConfig: {url: 'https://127.0.0.1:9/'}
    namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: fault-webhook}}
    rules: [{apiGroups: [''], apiVersions: [v1], resources: [configmaps], operations: [CREATE]}]
";

#[test]
fn a_webhook_that_does_not_answer_may_come_back() {
    let cluster = ControlPlane::shared();
    let home = home("fault-webhook", cluster.operator_kubeconfig());
    home.run(&["apply", "--yes", "--only", "namespace/fault-webhook"]).expect(0);
    home.run(&["plan"]).expect(0);
    let mut child = home.start(&["apply", "--yes", "-o", "json"]);
    cluster.apply(WEBHOOK).unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    let mut lifted = false;
    for line in lines {
        let event: Value = serde_json::from_str(&line).unwrap();
        if event["event"] == "retrying" && !lifted {
            cluster
                .run(&["delete", "validatingwebhookconfiguration", "silent.example.com"])
                .unwrap();
            lifted = true;
        }
    }
    if !lifted {
        cluster.run(&["delete", "validatingwebhookconfiguration", "silent.example.com"]).unwrap();
    }
    child.wait().unwrap();
    home.run(&["apply", "--yes"]).expect(0);
    is_whole(cluster, "fault-webhook");
}
