//! Machine output is what `docs/plan.schema.json` promises, and holds no secret.

use serde_json::Value;
use stackctl_integration::Home;

use crate::command::{home, repository};

const CANARY: &str = "canary-4711-of-the-tests";

fn schema() -> jsonschema::Validator {
    let text = std::fs::read_to_string(repository().join("docs/plan.schema.json")).unwrap();
    jsonschema::validator_for(&serde_json::from_str(&text).unwrap()).unwrap()
}

#[track_caller]
fn conforms(schema: &jsonschema::Validator, plan: &Value) {
    let errors: Vec<_> = schema.iter_errors(plan).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:#?}");
}

fn plan(home: &Home) -> Value {
    serde_json::from_str(&home.run(&["plan", "--sandbox", "-o", "json"]).expect(0).out).unwrap()
}

#[test]
fn every_kind_of_plan_conforms() {
    let schema = schema();
    let stack = std::fs::read_to_string(repository().join("stack.kdl")).unwrap();
    let home = home(&stack);
    conforms(&schema, &plan(&home));
    home.run(&["apply", "--sandbox", "--yes"]).expect(0);
    conforms(&schema, &plan(&home));
    home.edit("stack.kdl", "media-storage replicas=1", "media-storage replicas=2");
    home.edit("stack.kdl", "memory \"2Gi..5Gi\"", "memory \"2Gi..6Gi\"");
    home.edit("stack.kdl", "    metrics\n    scan", "    scan");
    let plan = plan(&home);
    conforms(&schema, &plan);
    let count = |name: &str| plan["summary"][name].as_u64().unwrap();
    assert!(
        count("update") > 0 && count("replace") > 0 && count("delete") > 0,
        "{}",
        plan["summary"]
    );
}

#[test]
fn events_are_one_document_a_line() {
    let home = home("stack tiny\napp jellyfin\n");
    let said = home.run(&["apply", "--sandbox", "--yes", "-o", "json"]).expect(0);
    let events: Vec<Value> =
        said.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    conforms(&schema(), &events[0]["plan"]);
    assert_eq!(events[0]["event"], "planned");
    assert_eq!(events[1]["event"], "started");
    assert_eq!(events.last().unwrap()["event"], "finished");
}

#[test]
fn a_secret_is_nowhere_to_be_found() {
    let home = home("stack tiny\nsecret token { KEY (env)CANARY; FILE (file)\"secret.txt\"; }\n")
        .with_variable("CANARY", CANARY);
    home.write("secret.txt", CANARY);
    let commands: &[&[&str]] = &[
        &["plan", "--sandbox", "-o", "json"],
        &["diff", "--sandbox"],
        &["apply", "--sandbox", "--yes", "-o", "json"],
        &["render"],
        &["graph", "--format", "json"],
    ];
    for words in commands {
        let said = home.run(words).expect(0);
        assert!(!said.out.contains(CANARY) && !said.err.contains(CANARY), "{words:?}");
    }
    let mut folders = vec![home.path().join(".stackctl")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let bytes = std::fs::read(&path).unwrap();
                assert!(!String::from_utf8_lossy(&bytes).contains(CANARY), "{}", path.display());
            }
        }
    }
}

#[test]
fn equal_secrets_have_equal_numbers() {
    let home = home("stack tiny\nsecret token { A (env)ONE; B (env)ONE; C (env)TWO; }\n")
        .with_variable("ONE", "1")
        .with_variable("TWO", "2");
    let plan = plan(&home);
    let secret =
        plan["actions"].as_array().unwrap().iter().find(|one| one["id"] == "secret/tiny/token");
    let numbers: Vec<u64> = secret.unwrap()["changes"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|change| change["after"]["secret"].as_u64())
        .collect();
    assert_eq!(numbers, [1, 1, 2]);
}
