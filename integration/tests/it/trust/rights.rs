//! The rights that `render rbac` prints are enough, and none of them is too much.

use serde_json::Value;
use stackctl_integration::{ControlPlane, Home};

use crate::root_stack::root_stack;

/// The roles of the root stack, applied, as documents.
fn granted(cluster: &ControlPlane, home: &Home) -> Vec<Value> {
    cluster.run(&["create", "namespace", "media"]).unwrap();
    let roles = home.run(&["render", "rbac"]).expect(0).out;
    cluster.apply(&roles).unwrap();
    roles.split("---\n").map(|text| serde_saphyr::from_str(text).unwrap()).collect()
}

/// The root stack as a service account sees it.
fn as_account(cluster: &ControlPlane, name: &str) -> Home {
    let token = cluster.run(&["-n", "media", "create", "token", name, "--duration", "2h"]).unwrap();
    let text = std::fs::read_to_string(cluster.operator_kubeconfig()).unwrap();
    let mut config: Value = serde_json::from_str(&text).unwrap();
    config["users"][0]["user"] = serde_json::json!({"token": token.trim()});
    let home = root_stack(cluster);
    home.write("kubeconfig", &config.to_string());
    let kubeconfig = home.path().join("kubeconfig");
    home.with_kubeconfig(&kubeconfig)
}

#[test]
fn the_printed_rights_are_enough_and_each_is_needed() {
    let cluster = ControlPlane::start().unwrap();
    let roles = granted(&cluster, &root_stack(&cluster));
    let (planner, applier) =
        (as_account(&cluster, "stackctl-home-plan"), as_account(&cluster, "stackctl-home-apply"));
    let said = planner.run(&["plan"]).expect(0);
    assert!(said.out.contains("These credentials may read but not write"), "{}", said.out);
    each_right_of_the_planner_is_needed(&cluster, &roles, &planner);
    some_rights_of_the_applier_are_missed(&cluster, &roles, &applier);
    applier.run(&["plan", "--out", "plan.json"]).expect(0);
    applier.run(&["apply", "plan.json", "--timeout", "3m"]).expect(0);
    for home in [&planner, &applier] {
        let said = home.run(&["diff", "--detailed-exitcode"]).expect(0);
        assert!(said.last_line().starts_with("No differences"), "{}", said.out);
    }
    planner.run(&["apply", "--yes"]).expect(0);
    planner.edit("stack.kdl", "memory \"2Gi..5Gi\"", "memory \"2Gi..6Gi\"");
    let said = planner.run(&["apply", "--yes"]).expect(10);
    assert!(said.err.contains("may not patch resource \"deployments\""), "{}", said.err);
}

/// A role without one verb of one rule.
fn without(role: &Value, rule: usize, verb: &str) -> String {
    let mut role = role.clone();
    let verbs = role["rules"][rule]["verbs"].as_array_mut().unwrap();
    verbs.retain(|one| one != verb);
    if verbs.is_empty() {
        role["rules"].as_array_mut().unwrap().remove(rule);
    }
    role.to_string()
}

fn each_right_of_the_planner_is_needed(cluster: &ControlPlane, roles: &[Value], home: &Home) {
    let mut tried = 0;
    let planners = roles
        .iter()
        .filter(|one| one["metadata"]["name"] == "stackctl-home-plan" && one["rules"].is_array());
    for role in planners {
        for (place, rule) in role["rules"].as_array().unwrap().iter().enumerate() {
            for verb in rule["verbs"].as_array().unwrap() {
                let verb = verb.as_str().unwrap();
                cluster.apply(&without(role, place, verb)).unwrap();
                let said = refused_soon(home, &format!("{verb} {}", rule["resources"]));
                let named = rule["resources"].as_array().unwrap().iter().any(|resource| {
                    said.contains(&format!(
                        "may not {verb} resource \"{}\"",
                        resource.as_str().unwrap()
                    ))
                });
                assert!(named, "{verb} {rule}: {said}");
                tried += 1;
            }
        }
        cluster.apply(&role.to_string()).unwrap();
    }
    assert!(tried > 10, "{tried}");
}

/// Roles take a moment to hold.
fn refused_soon(home: &Home, missing: &str) -> String {
    let mut said = home.run(&["plan"]);
    for _ in 0..20 {
        if said.code == 10 {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
        said = home.run(&["plan"]);
    }
    assert_eq!(said.code, 10, "without {missing} the plan was made:\n{}", said.err);
    said.err
}

fn some_rights_of_the_applier_are_missed(cluster: &ControlPlane, roles: &[Value], home: &Home) {
    for (kind, resource, verb) in [
        ("Role", "deployments", "patch"),
        ("Role", "services", "create"),
        ("Role", "leases", "create"),
        ("ClusterRole", "storageclasses", "list"),
    ] {
        let role = roles
            .iter()
            .find(|one| one["kind"] == kind && one["metadata"]["name"] == "stackctl-home-apply")
            .unwrap();
        let place = role["rules"].as_array().unwrap().iter().position(|rule| {
            rule["resources"].as_array().unwrap().iter().any(|one| one == resource)
        });
        cluster.apply(&without(role, place.unwrap(), verb)).unwrap();
        std::thread::sleep(std::time::Duration::from_millis(500));
        let said = home.run(&["apply", "--yes"]).expect(10);
        assert!(said.err.contains(&format!("may not {verb} resource \"")), "{}", said.err);
        assert!(
            said.err.contains("nothing was changed")
                || said.err.contains("no resource was changed"),
            "{}",
            said.err
        );
        cluster.apply(&role.to_string()).unwrap();
    }
    std::thread::sleep(std::time::Duration::from_millis(500));
}
