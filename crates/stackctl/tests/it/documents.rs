//! Every KDL and shell block in the documents runs.
//!
//! A `kdl` fence is a whole stack; `kdl fragment` lacks the `stack` line; `kdl error` must be refused;
//! `kdl module` is a `module.kdl`. A `sh` fence holds commands; `stackctl` and `cargo run … --` mean the
//! built binary. Commands run in the document's own folder, one after the other.

use std::path::PathBuf;
use std::process::Command;

use crate::command::{home, repository};

struct Fence {
    place: String,
    tag: String,
    text: String,
}

fn documents() -> Vec<PathBuf> {
    let mut documents = vec![repository().join("README.md"), repository().join("CONTRIBUTING.md")];
    for entry in std::fs::read_dir(repository().join("docs")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "md") {
            documents.push(path);
        }
    }
    documents.sort();
    documents
}

fn fences(path: &PathBuf) -> Vec<Fence> {
    let text = std::fs::read_to_string(path).unwrap();
    let mut fences = Vec::new();
    let mut open: Option<Fence> = None;
    for (number, line) in text.lines().enumerate() {
        match (&mut open, line.strip_prefix("```")) {
            (None, Some(tag)) => {
                let place = format!("{}:{}", path.file_name().unwrap().display(), number + 1);
                open = Some(Fence { place, tag: tag.trim().to_owned(), text: String::new() });
            }
            (Some(_), Some(_)) => fences.extend(open.take()),
            (Some(fence), None) => fence.text.push_str(&format!("{line}\n")),
            (None, None) => {}
        }
    }
    fences
}

#[test]
fn every_kdl_block_is_what_it_says() {
    let mut count = 0;
    for fence in documents().iter().flat_map(fences).filter(|fence| fence.tag.starts_with("kdl")) {
        count += 1;
        let code = match fence.tag.as_str() {
            "kdl" => home(&fence.text).run(&["check"]),
            "kdl fragment" => {
                home(&format!("stack docs domain=\"lab.example.com\"\n{}", fence.text))
                    .run(&["check"])
            }
            "kdl error" => {
                home(&fence.text).run(&["check"]).expect(1);
                continue;
            }
            "kdl module" => {
                let name = fence
                    .text
                    .split("module ")
                    .nth(1)
                    .unwrap()
                    .split_whitespace()
                    .next()
                    .unwrap()
                    .to_owned();
                let lab = home(&format!("stack docs\napp {name}\n"));
                lab.write(&format!("modules/{name}/module.kdl"), &fence.text);
                lab.run(&["check"])
            }
            other => panic!("{}: unknown tag {other:?}", fence.place),
        };
        assert_eq!(code.code, 0, "{}\n{}{}", fence.place, code.out, code.err);
    }
    assert!(count > 10, "only {count} blocks");
}

#[test]
fn every_shell_block_runs() {
    let stack = std::fs::read_to_string(repository().join("stack.kdl")).unwrap();
    for document in documents() {
        let lab = home(&stack);
        let shim = lab.path().join("bin");
        std::fs::create_dir_all(&shim).unwrap();
        std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_stackctl"), shim.join("stackctl")).unwrap();
        let path = format!("{}:{}", shim.display(), std::env::var("PATH").unwrap());
        for fence in fences(&document).iter().filter(|fence| fence.tag == "sh") {
            let script: String = fence.text.lines().map(runnable).collect();
            let output = Command::new("sh")
                .args(["-euc", &script])
                .current_dir(lab.path())
                .env_clear()
                .envs([("HOME", lab.path().to_str().unwrap()), ("PATH", &path)])
                .output()
                .unwrap();
            assert!(
                output.status.success(),
                "{}\n{script}\n{}{}",
                fence.place,
                String::from_utf8_lossy(&output.stdout),
                String::from_utf8_lossy(&output.stderr)
            );
        }
    }
}

/// A command of a document as this test can run it.
fn runnable(line: &str) -> String {
    let line = line.replace("cargo run --release --", "stackctl");
    // The test command itself runs this test: that CI calls it is checked below.
    if line.trim() == "sh integration/run" { "\n".to_owned() } else { format!("{line}\n") }
}

#[test]
fn ci_runs_the_test_command_of_the_readme() {
    let readme = std::fs::read_to_string(repository().join("README.md")).unwrap();
    let ci = std::fs::read_to_string(repository().join(".ci/run")).unwrap();
    assert!(readme.contains("\nsh integration/run\n"));
    assert!(ci.contains("sh integration/run\n"));
}

#[test]
fn every_link_between_documents_leads_somewhere() {
    for document in documents() {
        let text = std::fs::read_to_string(&document).unwrap();
        for rest in text.split("](").skip(1) {
            let link = rest.split([')', '#']).next().unwrap();
            if !link.is_empty() && !link.contains("://") {
                let target = document.parent().unwrap().join(link);
                assert!(target.exists(), "{}: {link}", document.display());
            }
        }
    }
}

/// `path`, or `path`, `name` of something in that file; what a line calls new is not there yet.
#[test]
fn every_path_a_contributor_is_sent_to_is_there() {
    let text = std::fs::read_to_string(repository().join("CONTRIBUTING.md")).unwrap();
    let parts: Vec<_> = text.split('`').collect();
    let mut count = 0;
    for (at, path) in parts.iter().enumerate().skip(1).step_by(2) {
        let roots = ["crates/", "docs/", "integration/", "modules/"];
        if !roots.iter().any(|root| path.starts_with(root)) {
            continue;
        }
        count += 1;
        let file = repository().join(path);
        if parts[at - 1].ends_with("new ") {
            assert!(!file.exists() && file.parent().unwrap().is_dir(), "{path} is not new");
            continue;
        }
        assert!(file.exists(), "{path} is not there");
        if let (Some(&", "), Some(name)) = (parts.get(at + 1), parts.get(at + 2)) {
            let code = std::fs::read_to_string(&file).unwrap();
            assert!(code.contains(name), "{path} has no {name}");
        }
    }
    assert!(count > 20, "only {count} paths");
}
