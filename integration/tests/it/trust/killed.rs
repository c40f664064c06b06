//! Killed after each single action of the root stack in turn: as many runs as actions.

use std::io::{BufRead, BufReader};

use serde_json::Value;
use stackctl_integration::{ControlPlane, Home};

use crate::root_stack::root_stack;

/// Applies one action after the other and is killed once one has ended. The id of that action; none when
/// there was nothing left to do.
fn killed_after_one(home: &Home) -> Option<String> {
    let mut child =
        home.start(&["apply", "--yes", "-o", "json", "--parallelism", "1", "--no-wait"]);
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let events = lines.map(|line| serde_json::from_str::<Value>(&line.unwrap()).unwrap());
    let ended = events.into_iter().find(|event| event["event"] == "action-ended");
    child.kill().unwrap();
    child.wait().unwrap();
    ended.map(|event| {
        assert_eq!(event["outcome"]["outcome"], "done", "{event}");
        event["id"].as_str().unwrap().to_owned()
    })
}

#[test]
fn every_action_may_be_the_last_of_its_run() {
    let cluster = ControlPlane::start().unwrap();
    let home = root_stack(&cluster);
    let plan = home.run(&["plan", "-o", "json"]).expect(0);
    let plan: Value = serde_json::from_str(&plan.out).unwrap();
    let wanted = plan["actions"].as_array().unwrap().len();
    let mut runs = 0;
    let mut seen = std::collections::BTreeSet::new();
    while let Some(id) = killed_after_one(&home) {
        runs += 1;
        assert!(seen.insert(id.clone()), "{id} was done twice");
        assert!(runs <= wanted, "more runs than actions");
    }
    assert!(runs > wanted / 2, "{runs} runs for {wanted} actions: too much was done in one");
    let said = home.run(&["apply", "--yes", "--timeout", "3m"]).expect(0);
    assert!(said.last_line().starts_with("Nothing to do"), "{}", said.out);
    // Nothing doubled: each object is there once and of this stack.
    let live = cluster
        .get(&["-n", "media", "deployments,services,pvc,secrets,cronjobs,httproutes"])
        .unwrap();
    let items = live["items"].as_array().unwrap();
    let planned = plan["actions"].as_array().unwrap().iter().filter(|one| {
        let id = one["id"].as_str().unwrap();
        ["deployment/", "service/", "persistentvolumeclaim/", "secret/", "cronjob/", "httproute/"]
            .iter()
            .any(|kind| id.starts_with(kind))
    });
    let owned = items
        .iter()
        .filter(|one| one["metadata"]["labels"]["applyset.kubernetes.io/part-of"].is_string());
    assert_eq!(owned.count(), planned.count());
}
