//! Machine output is what the schemas in `docs/` promise, and holds no secret.

use serde_json::Value;
use stackctl_integration::Home;

use crate::command::{home, repository};

const CANARY: &str = "canary-4711-of-the-tests";

fn schema(name: &str) -> jsonschema::Validator {
    let path = repository().join(format!("docs/{name}.schema.json"));
    let text = std::fs::read_to_string(path).unwrap();
    jsonschema::validator_for(&serde_json::from_str(&text).unwrap()).unwrap()
}

#[track_caller]
fn conforms(schema: &jsonschema::Validator, document: &Value) {
    let errors: Vec<_> = schema.iter_errors(document).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:#?} in {document:#}");
}

/// What a command prints, held against its schema.
#[track_caller]
fn document(home: &Home, name: &str, words: &[&str]) -> Value {
    let said = home.run(&[words, &["--sandbox", "-o", "json"]].concat()).expect(0);
    let document = serde_json::from_str(&said.out).unwrap();
    conforms(&schema(name), &document);
    document
}

fn plan(home: &Home) -> Value {
    serde_json::from_str(&home.run(&["plan", "--sandbox", "-o", "json"]).expect(0).out).unwrap()
}

#[test]
fn every_kind_of_plan_conforms() {
    let schema = schema("plan");
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
    let schema_of_events = schema("events");
    for event in &events {
        conforms(&schema_of_events, event);
    }
    assert_eq!(events[0]["format"], "stackctl.events/1");
    conforms(&schema("plan"), &events[0]["plan"]);
    assert_eq!(events[0]["event"], "planned");
    assert_eq!(events[1]["event"], "started");
    assert_eq!(events.last().unwrap()["event"], "finished");
}

#[test]
fn what_is_remembered_conforms() {
    let home = home("stack tiny\napp jellyfin\napp radarr\napp sonarr\n");
    assert_eq!(document(&home, "history", &["history"])["generations"], Value::Array(Vec::new()));
    assert_eq!(document(&home, "retired", &["retired"])["retired"], Value::Array(Vec::new()));
    home.run(&["apply", "--sandbox", "--yes"]).expect(0);
    home.edit("stack.kdl", "app sonarr\n", "");
    home.run(&["apply", "--sandbox", "--yes"]).expect(0);
    let retired = document(&home, "retired", &["retired"]);
    assert_eq!(retired["retired"][0]["id"], "deployment/tiny/sonarr");
    assert_eq!(retired["retired"][0]["from"], "tiny");
    home.run(&["undo", "app.sonarr", "--sandbox", "--yes"]).expect(0);
    let destroyed = home.run(&["destroy", "--sandbox", "--yes"]).expect(0);
    assert!(destroyed.last_line().starts_with("Destroyed: "), "{}", destroyed.out);
    let history = document(&home, "history", &["history"]);
    let generations = history["generations"].as_array().unwrap();
    let goals: Vec<_> = generations.iter().map(|one| one["goal"].as_str().unwrap()).collect();
    assert_eq!(goals, ["apply", "apply", "undo", "destroy"]);
}

#[test]
fn what_the_doctor_says_conforms() {
    let stack = std::fs::read_to_string(repository().join("stack.kdl")).unwrap();
    let home = home(&stack);
    let said = home.run(&["doctor", "--sandbox", "-o", "json"]);
    conforms(&schema("doctor"), &serde_json::from_str(&said.out).unwrap());
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
