//! Unique secrets from every source, and no trace of them anywhere but where they belong.

use std::path::Path;
use std::process::Command;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::Value;
use stackctl_integration::{Cache, ControlPlane, Home, Part};

use crate::robustness::stack;

const NAME: &str = "canary";
const CANARIES: [&str; 5] = [
    "canary-of-env-4f1",
    "canary-of-file-8b2",
    "canary-of-exec-c3d",
    "canary-of-sops-1e9",
    "canary-of-text-77a",
];
const SECRETS: &str = "
secret keys {
    ENV (env)CANARY
    FILE (file)\"file.txt\"
    EXEC (exec)\"env > seen-env; tr '\\\\0' ' ' < /proc/$PPID/cmdline > seen-args; cat exec.txt\"
    SOPS (sops)\"secrets.yaml#deep.key\"
    MADE (generate)\"length=32\"
}
manifest \"own.yaml\"
";

/// The stack, with a real sops and a key of its own.
fn home() -> Home {
    let parts = Cache::open().unwrap().ensure(&[Part::Sops]).unwrap();
    let tools = parts.folder(Part::Sops).display().to_string();
    let path = format!("{tools}:{}", std::env::var("PATH").unwrap());
    let home = stack(ControlPlane::shared(), NAME, SECRETS)
        .with_variable("PATH", &path)
        .with_variable("CANARY", CANARIES[0]);
    let key = home.path().join("age.key");
    let run = |program: &str, words: &[&str]| {
        let mut command = Command::new(Path::new(&tools).join(program));
        let done =
            command.args(words).current_dir(home.path()).env("SOPS_AGE_KEY_FILE", &key).output();
        let done = done.unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8(done.stdout).unwrap()
    };
    run("age-keygen", &["-o", "age.key"]);
    let recipient = run("age-keygen", &["-y", "age.key"]);
    home.write("secrets.yaml", &format!("deep:\n  key: {}\n", CANARIES[3]));
    run("sops", &["encrypt", "--age", recipient.trim(), "-i", "secrets.yaml"]);
    home.write("file.txt", CANARIES[1]);
    home.write("exec.txt", CANARIES[2]);
    let own = format!(
        "apiVersion: v1\nkind: Secret\nmetadata: {{name: own}}\nstringData: {{a: {}}}\n",
        CANARIES[4]
    );
    home.write("own.yaml", &own);
    let key = key.display().to_string();
    home.with_variable("SOPS_AGE_KEY_FILE", &key)
}

#[track_caller]
fn is_clean(place: &str, text: &str, made: &str) {
    for canary in CANARIES.iter().copied().chain([made]) {
        if canary.is_empty() {
            continue;
        }
        let encoded = BASE64_STANDARD.encode(canary);
        assert!(!text.contains(canary), "{place} holds {canary}:\n{text}");
        assert!(
            !text.contains(encoded.trim_end_matches('=')),
            "{place} holds {canary} encoded:\n{text}"
        );
    }
}

fn said(home: &Home, words: &[&str], made: &str) -> i32 {
    let said = home.run(words);
    is_clean(&format!("{words:?}"), &format!("{}{}", said.out, said.err), made);
    said.code
}

/// Every file of the folder but those that hold the secrets.
fn files_are_clean(folder: &Path, made: &str) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            files_are_clean(&path, made);
        } else if !["file.txt", "exec.txt", "own.yaml"].contains(&name.as_str()) {
            let text = String::from_utf8_lossy(&std::fs::read(&path).unwrap()).into_owned();
            is_clean(&name, &text, made);
        }
    }
}

const POLICY: &str = "
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: tells-all}
spec:
  failurePolicy: Fail
  matchConstraints:
    namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: canary}}
    resourceRules: [{apiGroups: [''], apiVersions: [v1], operations: [UPDATE], resources: [secrets]}]
  validations:
    - expression: 'false'
      messageExpression: \"'it holds ' + string(object.data['FILE']) + ' and ' + string(object.data['SOPS'])\"
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {name: tells-all}
spec: {policyName: tells-all, validationActions: [Deny]}
";

#[test]
fn no_secret_is_found_anywhere_it_does_not_belong() {
    let cluster = ControlPlane::shared();
    let home = home();
    for words in [
        &["check"][..],
        &["plan"],
        &["plan", "-o", "json", "--out", "plan.json"],
        &["plan", "-o", "markdown"],
        &["diff"],
        &["render"],
        &["graph"],
        &["show", "plan.json"],
    ] {
        assert_eq!(said(&home, words, ""), 0, "{words:?}");
    }
    assert_eq!(said(&home, &["apply", "plan.json", "-o", "json"], ""), 0);
    let live = cluster.get(&["-n", NAME, "secret/keys"]).unwrap();
    let value = |key: &str| {
        let encoded = live["data"][key].as_str().unwrap();
        String::from_utf8(BASE64_STANDARD.decode(encoded).unwrap()).unwrap()
    };
    let values: Vec<_> = ["ENV", "FILE", "EXEC", "SOPS"].map(value).into();
    assert_eq!(values, CANARIES[..4], "they arrived");
    let made = value("MADE");
    // An API server that tells what it was sent.
    cluster.apply(POLICY).unwrap();
    std::thread::sleep(std::time::Duration::from_secs(2));
    home.write("file.txt", "canary-of-file-8b2-again");
    let refused = home.run(&["apply", "--yes"]).expect(9);
    let text = format!("{}{}", refused.out, refused.err);
    assert!(text.contains("it holds (secret)"), "{text}");
    is_clean("the refusal", &text, &made);
    cluster.run(&["delete", "validatingadmissionpolicybinding", "tells-all"]).unwrap();
    for words in [
        &["history"][..],
        &["history", "-o", "json"],
        &["history", "diff", "1", "2"],
        &["rollback", "1", "--dry-run"],
    ] {
        assert_eq!(said(&home, words, &made), 0, "{words:?}");
    }
    home.write("file.txt", CANARIES[1]);
    std::fs::remove_file(home.path().join("age.key")).unwrap();
    files_are_clean(home.path(), &made);
    the_cluster_is_clean(cluster, &made);
}

/// Everything in the namespace but the values of Secrets.
fn the_cluster_is_clean(cluster: &ControlPlane, made: &str) {
    let kinds = "configmaps,events,events.events.k8s.io,leases,serviceaccounts,secrets";
    let found =
        cluster.run(&["-n", NAME, "get", kinds, "-o", "json", "--show-managed-fields"]).unwrap();
    let found: Value = serde_json::from_str(&found).unwrap();
    for mut object in found["items"].as_array().unwrap().clone() {
        if object["kind"] == "Secret" {
            object.as_object_mut().unwrap().remove("data");
        }
        if let Some(packed) = object["binaryData"]["resources.json.gz"].as_str() {
            let bytes = BASE64_STANDARD.decode(packed).unwrap();
            let mut unpacked = Command::new("gzip");
            let mut child = unpacked
                .arg("-dc")
                .stdin(std::process::Stdio::piped())
                .stdout(std::process::Stdio::piped())
                .spawn()
                .unwrap();
            std::io::Write::write_all(&mut child.stdin.take().unwrap(), &bytes).unwrap();
            let text = String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap();
            assert!(text.contains("\"kind\":\"Secret\""), "{text}");
            is_clean("a generation", &text, made);
        }
        is_clean("the cluster", &object.to_string(), made);
    }
}
