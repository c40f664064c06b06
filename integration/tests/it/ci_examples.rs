//! The workflows of `examples/`, their steps run as a runner runs them: in a pull request, on merge, at night.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::Command;
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use stackctl_integration::{ControlPlane, Home, built_stackctl, repository};

use crate::robustness::{config_map, stack};

/// A checkout of a stack, and what a runner gives its steps.
struct Runner {
    home: Home,
    workflow: Value,
    variables: BTreeMap<String, String>,
}

impl Runner {
    fn new(name: &str, workflow: &str) -> Self {
        let cluster = ControlPlane::shared();
        let home = stack(cluster, name, "manifest \"objects/*.yaml\"\n");
        home.write("objects/a.yaml", &config_map("a"));
        home.write(".gitignore", "/comment.md\n/plan.json\n/runner/\n");
        let text = std::fs::read_to_string(repository().join("examples").join(workflow)).unwrap();
        let kubeconfig = std::fs::read_to_string(cluster.operator_kubeconfig()).unwrap();
        std::fs::create_dir_all(home.path().join("runner/bin")).unwrap();
        let folder = |name: &str| home.path().join(name).display().to_string();
        let tools = built_stackctl().parent().unwrap().display().to_string();
        let path = format!("{}:{tools}:{}", folder("runner/bin"), std::env::var("PATH").unwrap());
        let variables = [
            ("PATH", path),
            ("HOME", folder("runner")),
            ("RUNNER_TEMP", folder("runner")),
            ("GITHUB_OUTPUT", folder("runner/output")),
            ("GITHUB_REPOSITORY", "kari/lab".to_owned()),
            ("GITHUB_RUN_ID", "9".to_owned()),
            ("PULL_REQUEST", "7".to_owned()),
            ("FORGE_TOKEN", "token-of-the-forge".to_owned()),
            ("STACKCTL_PLAN_KEY", "a passphrase".to_owned()),
            ("KUBECONFIG_TEXT", kubeconfig),
        ];
        let variables = variables.map(|(name, value)| (name.to_owned(), value)).into();
        let workflow: Value = serde_saphyr::from_str(&text).unwrap();
        for event in ["pull_request", "push", "schedule"] {
            assert!(workflow["on"].get(event).is_some(), "{event}");
        }
        Self { home, workflow, variables }
    }

    /// Makes everything in the folder the commit that is checked out.
    fn commit(&self) {
        let script = "git init -q . 2>/dev/null; git add -A; \
                      git -c user.name=kari -c user.email=kari@example.com commit -qm change";
        assert_eq!(self.sh(script), 0);
    }

    /// Runs the steps of a job; the exit code of the first that fails.
    fn job(&self, name: &str) -> i32 {
        for step in self.workflow["jobs"][name]["steps"].as_array().unwrap() {
            let code = match (step["run"].as_str(), step["uses"].as_str()) {
                (Some(script), _) => self.sh(&self.filled(script)),
                (None, Some(uses)) if uses.starts_with("actions/upload-artifact@") => {
                    let name = self.filled(step["with"]["name"].as_str().unwrap());
                    let file = step["with"]["path"].as_str().unwrap();
                    self.sh(&format!(
                        "mkdir -p runner/artifacts/{name} && cp {file} runner/artifacts/{name}/"
                    ))
                }
                (None, uses) => {
                    assert!(uses.unwrap().starts_with("actions/checkout@"), "{step}");
                    0
                }
            };
            if code != 0 {
                return code;
            }
        }
        0
    }

    fn filled(&self, text: &str) -> String {
        let output =
            std::fs::read_to_string(self.home.path().join("runner/output")).unwrap_or_default();
        let hash = output.lines().filter_map(|line| line.strip_prefix("hash=")).next_back();
        let filled = text
            .replace("${{ github.event.number }}", "7")
            .replace("${{ steps.tree.outputs.hash }}", hash.unwrap_or_default());
        assert!(!filled.contains("${{"), "{filled}");
        filled
    }

    fn sh(&self, script: &str) -> i32 {
        let mut command = Command::new("bash");
        command.args(["-eo", "pipefail", "-c", script]).current_dir(self.home.path()).env_clear();
        let done = command.envs(&self.variables).output().unwrap();
        done.status.code().unwrap()
    }

    /// A pull request, pushed to once more, merged, left alone, and drifted from.
    fn life(&self, name: &str, comments: impl Fn() -> Vec<String>) {
        let cluster = ControlPlane::shared();
        self.commit();
        assert_eq!(self.job("plan"), 0);
        assert_eq!(self.job("plan"), 0);
        let [comment] = &comments()[..] else { panic!("one comment: {:?}", comments()) };
        assert!(comment.contains("### Plan for") && comment.contains("2 to create"), "{comment}");
        assert!(cluster.get(&["namespace", name]).is_err(), "a pull request changes nothing");
        assert_eq!(self.job("apply"), 0);
        assert_eq!(cluster.get(&["-n", name, "configmap/a"]).unwrap()["data"]["key"], "value");
        assert_eq!(self.job("drift"), 0);
        cluster
            .run(&[
                "-n",
                name,
                "patch",
                "configmap/a",
                "--type=merge",
                "-p",
                "{\"data\":{\"key\":\"drift\"}}",
            ])
            .unwrap();
        assert_eq!(self.job("drift"), 2);
        // Nobody approved a plan for these files, or for what is there now.
        self.home.write("objects/b.yaml", &config_map("b"));
        self.commit();
        assert_ne!(self.job("apply"), 0);
        assert_eq!(self.job("plan"), 0);
        cluster
            .run(&[
                "-n",
                name,
                "patch",
                "configmap/a",
                "--type=merge",
                "-p",
                "{\"data\":{\"key\":\"more\"}}",
            ])
            .unwrap();
        assert_eq!(self.job("apply"), 4);
        assert_eq!(self.job("plan"), 0);
        assert_eq!(self.job("apply"), 0);
    }
}

#[test]
fn forgejo_plans_comments_applies_and_watches() {
    let mut runner = Runner::new("ci-forgejo", "forgejo/stackctl.yml");
    let script = std::fs::read_to_string(repository().join("examples/forgejo/forge.sh")).unwrap();
    runner.home.write(".forgejo/workflows/forge.sh", &script);
    let forge = Forge::start();
    runner.variables.insert("GITHUB_SERVER_URL".to_owned(), forge.address.clone());
    runner.life("ci-forgejo", || forge.kept.lock().unwrap().comments.clone());
}

#[test]
fn github_actions_plan_comment_apply_and_watch() {
    let runner = Runner::new("ci-github", "github-actions/stackctl.yml");
    // The client of the service itself, which only its own runners reach: comments go to a file, artifacts come
    // from a folder.
    let gh = "#!/bin/sh\nset -eu\ncase \"$1 $2\" in\n'pr comment')\n\
              [ \"$3 $4 $6 $7\" = '7 --body-file --edit-last --create-if-none' ]\ncp \"$5\" runner/comment ;;\n\
              'run download') [ \"$3\" = --name ]\ncp runner/artifacts/\"$4\"/plan.json . ;;\n*) exit 64 ;;\nesac\n";
    runner.home.write("runner/bin/gh", gh);
    assert_eq!(runner.sh("chmod +x runner/bin/gh"), 0);
    let comments = || vec![runner.home.read("runner/comment")];
    runner.life("ci-github", comments);
}

/// The few calls of a forge's API that the example makes, as Forgejo answers them.
struct Forge {
    address: String,
    kept: Arc<Mutex<Kept>>,
}

#[derive(Default)]
struct Kept {
    packages: BTreeMap<String, Vec<u8>>,
    comments: Vec<String>,
}

impl Forge {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let kept = Arc::new(Mutex::new(Kept::default()));
        let shared = Arc::clone(&kept);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                answer(&stream.unwrap(), &shared);
            }
        });
        Self { address, kept }
    }
}

fn answer(mut stream: &TcpStream, kept: &Mutex<Kept>) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut line = String::new();
    reader.read_line(&mut line).unwrap();
    let request = line.clone();
    let (mut length, mut is_known) = (0, false);
    loop {
        line.clear();
        reader.read_line(&mut line).unwrap();
        let header = line.trim().to_ascii_lowercase();
        if header.is_empty() {
            break;
        }
        length =
            header.strip_prefix("content-length: ").map_or(length, |text| text.parse().unwrap());
        is_known |= header == "authorization: token token-of-the-forge";
        if header == "expect: 100-continue" {
            stream.write_all(b"HTTP/1.1 100 Continue\r\n\r\n").unwrap();
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    let mut words = request.split_whitespace();
    let (method, path) = (words.next().unwrap(), words.next().unwrap());
    let (code, said) = if is_known {
        respond(method, path, body, &mut kept.lock().unwrap())
    } else {
        (401, Vec::new())
    };
    let head =
        format!("HTTP/1.1 {code} -\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", said.len());
    let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&said));
}

fn respond(method: &str, path: &str, body: Vec<u8>, kept: &mut Kept) -> (u16, Vec<u8>) {
    let text = |body: &[u8]| {
        let value: Value = serde_json::from_slice(body).unwrap();
        value["body"].as_str().unwrap().to_owned()
    };
    match (method, path) {
        ("PUT", path) if path.starts_with("/api/packages/kari/generic/") => {
            if kept.packages.contains_key(path) {
                return (409, Vec::new());
            }
            kept.packages.insert(path.to_owned(), body);
            (201, Vec::new())
        }
        ("DELETE", path) => {
            (if kept.packages.remove(path).is_some() { 204 } else { 404 }, Vec::new())
        }
        ("GET", "/api/v1/repos/kari/lab/issues/7/comments") => {
            let all = kept.comments.iter().enumerate();
            let all: Vec<Value> =
                all.map(|(id, body)| json!({"id": id + 1, "body": body})).collect();
            (200, Value::from(all).to_string().into_bytes())
        }
        ("GET", path) => {
            kept.packages.get(path).map_or((404, Vec::new()), |plan| (200, plan.clone()))
        }
        ("POST", "/api/v1/repos/kari/lab/issues/7/comments") => {
            kept.comments.push(text(&body));
            (201, b"{}".to_vec())
        }
        ("PATCH", "/api/v1/repos/kari/lab/issues/comments/1") => {
            kept.comments[0] = text(&body);
            (200, b"{}".to_vec())
        }
        _ => (404, Vec::new()),
    }
}
