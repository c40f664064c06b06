//! What is left after a crash, or after somebody tidied up, is mended by the next run.

use serde_json::json;

use crate::lab::{Lab, config_map, deployment, namespace, said, secret};
use stackctl_model::{Alphabet, SecretSource};

#[tokio::test]
async fn without_its_journal_a_sandbox_settles_again() {
    let lab = Lab::new();
    let generated = SecretSource::Generate { alphabet: Alphabet::Hex, length: 16 };
    let stack = [
        namespace(),
        deployment("sonarr", "1Gi", &[]),
        config_map("settings", &json!({"a": "1", "b": "2"})),
        secret("token", "KEY", generated),
    ];
    lab.settle(&stack).await;
    let before = lab.read("sandbox/objects/deployment/media/sonarr.yaml");
    std::fs::remove_file(lab.path("sandbox/journal")).unwrap();
    lab.settle(&stack).await;
    assert_eq!(lab.read("sandbox/objects/deployment/media/sonarr.yaml"), before);
    let less = [namespace(), config_map("settings", &json!({"a": "1"}))];
    lab.settle(&less).await;
    assert!(!lab.read("sandbox/objects/configmap/media/settings.yaml").contains("b: "));
}

#[tokio::test]
async fn half_a_journal_settles_again() {
    let lab = Lab::new();
    let stack =
        [namespace(), deployment("sonarr", "1Gi", &[]), config_map("a", &json!({"a": "1"}))];
    lab.settle(&stack).await;
    let journal = lab.read("sandbox/journal");
    for length in (0..journal.len()).step_by(journal.len() / 9) {
        std::fs::write(lab.path("sandbox/journal"), &journal[..length]).unwrap();
        lab.settle(&stack).await;
    }
}

#[tokio::test]
async fn a_run_cut_short_after_any_write_is_finished_by_the_next() {
    let stack =
        [namespace(), deployment("sonarr", "1Gi", &[]), config_map("settings", &json!({"a": "1"}))];
    let files = [
        "sandbox/objects/namespace/_cluster/media.yaml",
        "sandbox/objects/deployment/media/sonarr.yaml",
        "sandbox/objects/configmap/media/settings.yaml",
    ];
    for missing in files {
        let lab = Lab::new();
        lab.settle(&stack).await;
        std::fs::remove_file(lab.path(missing)).unwrap();
        let plan = lab.plan(&stack).await;
        assert_eq!(said(&plan).len(), 1, "{missing}: {plan:#?}");
        lab.settle(&stack).await;
    }
}
