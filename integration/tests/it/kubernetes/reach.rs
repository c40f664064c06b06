//! A cluster that cannot be reached, or does not let one in: what is said, and that nothing hangs.

use std::path::PathBuf;
use std::time::Duration;

use serde_json::{Value, json};
use stackctl_engine::{Ledger, Target, TargetError};
use stackctl_integration::ControlPlane;
use stackctl_kubernetes::{ConnectOptions, Kubernetes, install_crypto};
use stackctl_model::{ClusterQuestion, GroupVersionKind, KindList, Question, Selector};
use stackctl_plan::PART_OF;

use super::lab::connect;

/// A copy of the admin's kubeconfig with something changed.
fn changed(change: impl Fn(&mut Value)) -> (tempfile::TempDir, PathBuf) {
    let text = std::fs::read_to_string(ControlPlane::shared().kubeconfig()).unwrap();
    let mut kubeconfig: Value = serde_json::from_str(&text).unwrap();
    change(&mut kubeconfig);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("kubeconfig");
    std::fs::write(&path, kubeconfig.to_string()).unwrap();
    (folder, path)
}

fn question() -> Question {
    let list = KindList {
        kinds: [GroupVersionKind {
            group: "apps".into(),
            version: "v1".into(),
            kind: "Deployment".into(),
        }]
        .into(),
        namespaces: ["default".to_owned()].into(),
        ..KindList::default()
    };
    Question::Kubernetes(ClusterQuestion {
        is_first: true,
        selector: Selector { label: PART_OF.into(), value: "applyset-none-v1".into() },
        lists: vec![list],
        ..ClusterQuestion::default()
    })
}

async fn refusal(change: impl Fn(&mut Value)) -> (String, String) {
    let (_folder, path) = changed(change);
    match connect(&path).await.look(&question()).await.unwrap_err() {
        TargetError::Unreachable { message, hint } => (message, hint),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_wrong_token_is_refused() {
    let (message, hint) =
        refusal(|kubeconfig| kubeconfig["users"][0]["user"]["token"] = json!("wrong")).await;
    assert!(
        message.contains("the API server does not accept the credentials (https://127.0.0.1:"),
        "{message}"
    );
    assert!(hint.contains("log in"), "{hint}");
}

#[tokio::test]
async fn a_missing_right_is_named() {
    let (message, _) =
        refusal(|kubeconfig| kubeconfig["users"][0]["user"]["as"] = json!("nobody")).await;
    assert!(message.contains("user \"nobody\" may not"), "{message}");
}

#[tokio::test]
async fn a_certificate_of_nobody_known_is_not_trusted() {
    let (message, hint) = refusal(|kubeconfig| {
        let cluster = kubeconfig["clusters"][0]["cluster"].as_object_mut().unwrap();
        cluster.remove("certificate-authority");
    })
    .await;
    assert!(message.contains("certificate is not trusted"), "{message}");
    assert!(hint.contains("certificate-authority"), "{hint}");
}

#[tokio::test]
async fn a_server_that_is_not_there_is_said_at_once() {
    let (message, hint) = refusal(|kubeconfig| {
        kubeconfig["clusters"][0]["cluster"]["server"] = json!("https://127.0.0.1:1");
    })
    .await;
    assert_eq!(
        message,
        "the API server cannot be reached: connection refused (https://127.0.0.1:1/)"
    );
    assert!(hint.contains("--sandbox"), "{hint}");
}

#[tokio::test]
async fn a_name_that_does_not_exist_is_said() {
    let (message, _) = refusal(|kubeconfig| {
        kubeconfig["clusters"][0]["cluster"]["server"] = json!("https://nowhere.invalid:6443");
    })
    .await;
    let expected = "the API server cannot be reached: its name cannot be looked up (https://nowhere.invalid:6443/)";
    assert_eq!(message, expected);
}

#[tokio::test]
async fn a_server_that_never_answers_is_given_up() {
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let server = format!("http://{}", silent.local_addr().unwrap());
    let (_folder, path) = changed(|kubeconfig| {
        kubeconfig["clusters"][0]["cluster"]["server"] = json!(server);
    });
    install_crypto();
    let options = ConnectOptions {
        kubeconfig: Some(path),
        context: None,
        timeout: Duration::from_millis(300),
    };
    let target = Kubernetes::connect(&options).await.unwrap_or_else(|error| panic!("{error:?}"));
    let error = target.look(&question()).await.unwrap_err();
    assert!(matches!(error, TargetError::Transient { .. }), "{error:?}");
    assert!(error.to_string().contains("did not answer within"), "{error}");
}

#[tokio::test]
async fn a_cluster_is_known_by_its_uid() {
    let target = connect(ControlPlane::shared().operator_kubeconfig()).await;
    assert_eq!(target.identity().await.unwrap().len(), 36);
    assert_eq!(target.server().trim_end_matches('/'), ControlPlane::shared().server());
}
