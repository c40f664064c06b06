//! What users of any command line expect: help, codes, colours, pipes.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use crate::command::home;

const TINY: &str = "stack tiny\napp jellyfin\n";
const COMMANDS: &[&str] = &[
    "init",
    "check",
    "fmt",
    "explain",
    "plan",
    "diff",
    "apply",
    "destroy",
    "render",
    "graph",
    "module",
    "completions",
];

#[test]
fn every_help_shows_examples() {
    let lab = home(TINY);
    for command in COMMANDS {
        let said = lab.run(&[command, "--help"]).expect(0);
        assert!(said.out.contains("Examples:\n  stackctl "), "{command}");
    }
}

#[test]
fn wrong_usage_is_64_with_a_suggestion() {
    let lab = home(TINY);
    let said = lab.run(&["plan", "--sandbx"]).expect(64);
    assert!(said.err.contains("--sandbox"), "{}", said.err);
    let said = lab.run(&["pln"]).expect(64);
    assert!(said.err.contains("plan"), "{}", said.err);
    let said = lab.run(&["plan", "--sandbox", "--only", "deployment/tiny/jelyfin"]).expect(64);
    assert!(said.err.contains("deployment/tiny/jellyfin"), "{}", said.err);
    let said = lab.run(&["explain", "storge-class"]).expect(64);
    assert!(said.err.contains("storage-class"), "{}", said.err);
}

#[test]
fn no_stack_is_said() {
    let lab = home(TINY);
    std::fs::remove_file(lab.path().join("stack.kdl")).unwrap();
    let said = lab.run(&["plan", "--sandbox"]).expect(64);
    assert!(
        said.err.contains("no stack.kdl") && said.err.contains("stackctl init"),
        "{}",
        said.err
    );
}

#[test]
fn a_stack_above_is_found() {
    let lab = home(TINY);
    std::fs::create_dir_all(lab.path().join("a/b")).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_stackctl"))
        .args(["check"])
        .current_dir(lab.path().join("a/b"))
        .output()
        .unwrap();
    assert!(output.status.success());
    assert!(String::from_utf8_lossy(&output.stdout).contains("../../stack.kdl: no mistakes"));
}

#[test]
fn colour_is_for_terminals_and_can_be_forced() {
    let lab = home(TINY);
    let plain = lab.run(&["plan", "--sandbox"]).expect(0);
    assert!(!plain.out.contains('\u{1b}'));
    let forced =
        home(TINY).with_variable("CLICOLOR_FORCE", "1").run(&["plan", "--sandbox"]).expect(0);
    assert!(forced.out.contains('\u{1b}'));
    let never = home(TINY)
        .with_variable("CLICOLOR_FORCE", "1")
        .with_variable("NO_COLOR", "1")
        .run(&["plan", "--sandbox"])
        .expect(0);
    assert!(!never.out.contains('\u{1b}'));
    let always = lab.run(&["plan", "--sandbox", "--color", "always"]).expect(0);
    assert!(always.out.contains('\u{1b}'));
}

/// The summary stays one line, whatever the width: scripts look for it.
#[test]
fn sixty_columns_are_enough() {
    let said = home(TINY).with_variable("COLUMNS", "60").run(&["plan", "--sandbox"]).expect(0);
    let too_wide: Vec<_> = said
        .out
        .lines()
        .filter(|line| !line.starts_with("Plan: ") && line.chars().count() > 60)
        .collect();
    assert!(too_wide.is_empty(), "{too_wide:#?}");
}

#[test]
fn a_closed_pipe_is_no_error() {
    let lab = home(TINY);
    let mut child = Command::new(env!("CARGO_BIN_EXE_stackctl"))
        .args(["render"])
        .current_dir(lab.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut reader = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    reader.read_line(&mut line).unwrap();
    drop(reader);
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn without_a_terminal_apply_says_what_to_type() {
    let lab = home(TINY);
    let said = lab.run(&["apply", "--sandbox", "--only", "deploy/*"]).expect(5);
    assert!(said.err.contains("stackctl apply --sandbox --only 'deploy/*' --yes"), "{}", said.err);
    let said = lab.run(&["plan", "--sandbox", "--detailed-exitcode"]).expect(2);
    assert!(said.last_line().starts_with("Plan: "), "{}", said.out);
}

#[test]
fn completions_are_scripts() {
    let lab = home(TINY);
    for shell in ["bash", "zsh", "fish"] {
        let said = lab.run(&["completions", shell]).expect(0);
        assert!(said.out.contains("stackctl"), "{shell}");
    }
}

#[test]
fn init_writes_a_stack_that_plans_and_overwrites_nothing() {
    let lab = home(TINY);
    lab.run(&["init"]).expect(5);
    lab.run(&["init", "den", "sonarr", "-f", "den.kdl"]).expect(0);
    lab.run(&["plan", "--sandbox", "-f", "den.kdl"]).expect(0);
    let said = lab.run(&["init", "den", "sonar", "-f", "other.kdl"]).expect(64);
    assert!(said.err.contains("did you mean sonarr"), "{}", said.err);
}

#[test]
fn explain_reads_the_declarations() {
    let lab = home(TINY);
    let said = lab.run(&["explain", "app.jellyfin.volume"]).expect(0);
    assert!(said.out.contains("size") && said.out.contains("class"), "{}", said.out);
    assert!(lab.run(&["explain"]).expect(0).out.contains("storage-class"));
}

#[test]
fn fmt_keeps_comments_and_is_idempotent() {
    let lab =
        home("// mine\nstack   tiny\n\n\n\napp jellyfin { memory   \"1Gi\" /* enough */; }\n");
    lab.run(&["fmt", "--check"]).expect(3);
    lab.run(&["fmt"]).expect(0);
    let text = lab.read("stack.kdl");
    assert!(text.contains("// mine") && text.contains("/* enough */"), "{text}");
    lab.run(&["fmt", "--check"]).expect(0);
}
