//! Secrets: compared by digest, never kept.

use stackctl_model::{ActionKind, Alphabet, SecretSource};

use crate::lab::{Lab, changes, namespace, said, secret};

const CANARY: &str = "canary-5f1d";

fn file() -> SecretSource {
    SecretSource::File("token".to_owned())
}

/// Every byte the sandbox keeps.
fn everything(lab: &Lab) -> String {
    let mut text = String::new();
    let mut folders = vec![lab.path("sandbox")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                text.push_str(&String::from_utf8_lossy(&std::fs::read(path).unwrap()));
            }
        }
    }
    text
}

#[tokio::test]
async fn a_changed_value_is_one_change_and_nothing_of_it_is_told() {
    let lab = Lab::new();
    let stack = [namespace(), secret("token", "KEY", file())];
    std::fs::write(lab.path("token"), format!("{CANARY}\n")).unwrap();
    lab.settle(&stack).await;
    std::fs::write(lab.path("token"), format!("{CANARY}-2\n")).unwrap();
    let plan = lab.plan(&stack).await;
    assert_eq!(changes(&plan), ["secret/media/token data.KEY: {\"secret\":1} -> {\"secret\":2}"]);
    lab.settle(&stack).await;
    let text = everything(&lab);
    assert!(!text.contains(CANARY) && !text.contains("Y2FuYXJ5LTVmMWQ"), "{text}");
    assert!(!format!("{plan:?}").contains(CANARY));
}

#[tokio::test]
async fn a_generated_value_is_made_once() {
    let lab = Lab::new();
    let source = SecretSource::Generate { alphabet: Alphabet::Alphanumeric, length: 32 };
    let stack = [namespace(), secret("token", "KEY", source)];
    lab.settle(&stack).await;
    let before = lab.read("sandbox/objects/secret/media/token.yaml");
    lab.edit(
        "sandbox/objects/secret/media/token.yaml",
        "name: token",
        "name: token\n  annotations: {theirs: x}",
    );
    lab.settle(&stack).await;
    let digest = |text: &str| text.lines().find(|line| line.contains("KEY")).unwrap().to_owned();
    assert_eq!(digest(&lab.read("sandbox/objects/secret/media/token.yaml")), digest(&before));
}

#[tokio::test]
async fn a_value_that_cannot_be_read_is_said_and_stops_an_apply() {
    let lab = Lab::new();
    let stack = [namespace(), secret("token", "KEY", file())];
    let planned = lab.plan_with(&stack, &Lab::options()).await.unwrap();
    let notes = &planned.plan.notes;
    assert!(
        notes
            .iter()
            .any(|note| note.message.starts_with("secret/media/token needs a value for KEY")),
        "{notes:?}"
    );
    let error = lab.execute(planned).await.unwrap_err().to_string();
    assert!(error.contains("file token cannot be read") && error.ends_with("nothing was changed"));
    assert!(!lab.path("sandbox").exists());
}

#[tokio::test]
async fn a_settled_secret_needs_no_value() {
    let lab = Lab::new();
    let stack = [namespace(), secret("token", "KEY", file())];
    std::fs::write(lab.path("token"), CANARY).unwrap();
    lab.settle(&stack).await;
    std::fs::remove_file(lab.path("token")).unwrap();
    let plan = lab.plan(&stack).await;
    assert_eq!(said(&plan), [].into());
}

#[tokio::test]
async fn without_its_key_a_sandbox_writes_its_secrets_again() {
    let lab = Lab::new();
    let stack = [namespace(), secret("token", "KEY", file())];
    std::fs::write(lab.path("token"), CANARY).unwrap();
    lab.settle(&stack).await;
    std::fs::remove_file(lab.path("sandbox/key")).unwrap();
    let plan = lab.plan(&stack).await;
    assert_eq!(said(&plan), [("secret/media/token".to_owned(), ActionKind::Update)].into());
    lab.settle(&stack).await;
}
