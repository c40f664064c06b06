//! What people read, whole.
#![allow(clippy::unwrap_used, reason = "a test that fails may panic")]

use std::collections::BTreeSet;
use std::time::Duration;

use proptest::prelude::*;
use serde_json::json;
use stackctl_model::{
    ActionFailure, ActionKind, Change, ChangeValue, Event, FailureClass, FieldPath, Finding,
    GenerationGoal, Origin, Outcome, PublishedAction, PublishedPlan, Report, ResourceId, Risk,
    Severity, Summary,
};
use stackctl_view::{Style, diff_text, event_line, plan_markdown, plan_text, report_text};

const PLAIN: Style = Style { color: false, width: 100 };

fn origin(line: usize) -> Origin {
    Origin { file: "stack.kdl".into(), line, column: 5 }
}

fn id(kind: &str, name: &str) -> ResourceId {
    let group = if kind == "Deployment" { "apps" } else { "" };
    ResourceId::object(group, kind, Some("media"), name)
}

fn action(kind: ActionKind, id: ResourceId, reason: &str) -> PublishedAction {
    PublishedAction {
        id,
        action: kind,
        reason: reason.into(),
        risk: Risk::None,
        effects: Vec::new(),
        app: Some("jellyfin".into()),
        source: Some(origin(7)),
        after: BTreeSet::new(),
        changes: Vec::new(),
        confirmed: true,
        refused: None,
        allowed: false,
    }
}

fn change(path: &str, before: ChangeValue, after: ChangeValue) -> Change {
    Change {
        path: FieldPath::fields(path.split('.')),
        before,
        after,
        last_writer: None,
        last_written: None,
    }
}

fn value(value: serde_json::Value) -> ChangeValue {
    ChangeValue::Value(value)
}

/// One of everything.
fn everything() -> PublishedPlan {
    let drift = Change {
        last_writer: Some("kubectl-edit".into()),
        ..change("spec.replicas", value(json!(3)), value(json!(1)))
    };
    let secret = change("data.token", ChangeValue::Secret(1), ChangeValue::Secret(2));
    let hostile = change("data.motd", value(json!("\u{1b}[2Jgone `<b>`")), ChangeValue::Absent);
    let actions = vec![
        action(ActionKind::Create, id("ConfigMap", "settings"), "it is not there yet"),
        PublishedAction {
            changes: vec![drift, secret, hostile],
            ..action(
                ActionKind::Update,
                id("Deployment", "jellyfin"),
                "spec.replicas and 2 more differ",
            )
        },
        PublishedAction {
            risk: Risk::Data,
            effects: vec!["deleted and made anew: what is on it is lost".into()],
            ..action(
                ActionKind::Replace,
                id("PersistentVolumeClaim", "config"),
                "spec.storageClassName: immutable",
            )
        },
        PublishedAction {
            app: None,
            source: None,
            ..action(ActionKind::Delete, id("Service", "old"), "it is no longer in the stack")
        },
        PublishedAction {
            refused: Some("it belongs to another stack; it is left as it is".into()),
            ..action(
                ActionKind::Adopt,
                id("Secret", "theirs"),
                "it is there, but belongs to another stack",
            )
        },
        PublishedAction {
            effects: vec!["kept with all that is in it; no longer part of the stack".into()],
            ..action(
                ActionKind::Retire,
                id("PersistentVolumeClaim", "cache"),
                "it is no longer in the stack",
            )
        },
    ];
    PublishedPlan {
        format: PublishedPlan::FORMAT,
        stack: "home".into(),
        summary: Summary {
            create: 1,
            update: 1,
            replace: 1,
            delete: 1,
            adopt: 1,
            retire: 1,
            deferred: 0,
            unchanged: 4,
            unmanaged: 1,
            findings: 1,
        },
        actions,
        unmanaged: vec![
            Finding::new("not-managed", Severity::Note, "Authentik is not managed yet")
                .about(ResourceId::Authentik { kind: "group".into(), name: "users".into() })
                .also(origin(9), ""),
        ],
        findings: vec![
            Finding::error(
                "node-gpu",
                "nuc-01 has no /dev/dri/renderD128: is its driver loaded?",
                origin(3),
            )
            .about(ResourceId::machine("nuc-01", stackctl_model::SettingName::Gpu("intel".into()))),
        ],
        notes: vec![Finding::note(
            "sandbox-approximates",
            "the sandbox does not know example.com/v1 Shelf; how its lists merge is approximated",
        )],
    }
}

fn written(
    view: fn(&PublishedPlan, Style, &mut dyn std::fmt::Write) -> std::fmt::Result,
    color: bool,
    width: usize,
) -> String {
    let mut text = String::new();
    view(&everything(), Style { color, width }, &mut text).unwrap();
    text
}

#[test]
fn plan_reads_well_in_100_columns() {
    insta::assert_snapshot!(written(plan_text, false, 100));
}

#[test]
fn plan_reads_well_in_60_columns() {
    let text = written(plan_text, false, 60);
    let wide = text.lines().filter(|line| line.chars().count() > 60 && !line.starts_with("Plan: "));
    assert_eq!(wide.collect::<Vec<_>>(), Vec::<&str>::new());
    insta::assert_snapshot!(text);
}

#[test]
fn plan_is_coloured_and_says_the_same() {
    let colored = written(plan_text, true, 100);
    assert!(colored.contains("\u{1b}[32m"));
    let mut plain = String::new();
    let mut rest = colored.as_str();
    while let Some((before, after)) = rest.split_once('\u{1b}') {
        plain.push_str(before);
        rest = after.split_once('m').unwrap().1;
    }
    plain.push_str(rest);
    assert_eq!(plain, written(plan_text, false, 100));
}

#[test]
fn diff_shows_each_field() {
    let text = written(diff_text, false, 100);
    assert!(!text.contains('\u{1b}'), "a value cannot act on the terminal");
    insta::assert_snapshot!(text);
}

#[test]
fn markdown_begins_with_the_risks() {
    insta::assert_snapshot!(plan_markdown(&everything(), 65_000));
}

#[test]
fn report_says_what_failed_and_what_to_type() {
    let failure = ActionFailure {
        message: "spec.ports: Required value; it was not changed".into(),
        hint: Some("mend it in stack.kdl".into()),
        class: FailureClass::Other,
    };
    let report = Report {
        done: vec![id("ConfigMap", "a")],
        failed: vec![(id("Service", "b"), failure.clone())],
        timed_out: vec![(id("Deployment", "c"), "0 of 1 pods are ready".into())],
        skipped: vec![(id("ConfigMap", "d"), id("Service", "b"))],
        cancelled: vec![id("ConfigMap", "e")],
        deferred: vec![(id("ConfigMap", "f"), "nas: No route to host".into())],
        elapsed: Duration::from_millis(1_500),
    };
    let mut text = String::new();
    report_text(&report, &GenerationGoal::Apply, PLAIN, &mut text).unwrap();
    let event = Event::ActionEnded {
        id: id("Service", "b"),
        action: ActionKind::Create,
        outcome: Outcome::Failed { failure },
        elapsed: 30,
    };
    text.push_str(
        &event_line(&event, Style { color: false, width: 100 }, Some("12:03:04")).unwrap(),
    );
    insta::assert_snapshot!(text);
}

#[test]
fn each_command_says_its_own_verb() {
    let said = |goal: &GenerationGoal, report: &Report| {
        let mut text = String::new();
        report_text(report, goal, PLAIN, &mut text).unwrap();
        text
    };
    let (done, partly) = (
        Report { done: vec![id("ConfigMap", "a")], ..Report::default() },
        Report { cancelled: vec![id("ConfigMap", "a")], ..Report::default() },
    );
    let goals = [
        (GenerationGoal::Apply, "Applied", "apply"),
        (GenerationGoal::Destroy, "Destroyed", "destroy"),
        (GenerationGoal::Rollback { to: 3 }, "Rolled back", "rollback"),
        (GenerationGoal::Undo, "Taken back", "undo"),
        (GenerationGoal::Purge, "Purged", "purge"),
    ];
    for (goal, verb, command) in goals {
        assert_eq!(said(&goal, &done), format!("{verb}: 1 done in 0.0 s\n"));
        let text = said(&goal, &partly);
        assert!(text.contains(&format!("run stackctl {command} again")), "{text}");
        assert!(text.contains(&format!("Partly {}: 0 done", verb.to_lowercase())), "{text}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn markdown_is_never_longer_than_it_may_be(count in 0..2_000_usize, limit in 2_000..65_000_usize, text in "\\PC{0,40}") {
        let mut plan = everything();
        plan.actions = (0..count)
            .map(|number| PublishedAction {
                app: Some(format!("app-{}", number % 7)),
                risk: if number % 5 == 0 { Risk::Data } else { Risk::None },
                changes: vec![change("data.x", value(json!(text)), ChangeValue::Absent)],
                ..action(ActionKind::Update, id("ConfigMap", &format!("c{number}")), &text)
            })
            .collect();
        let markdown = plan_markdown(&plan, limit);
        prop_assert!(markdown.len() <= limit, "{} of {limit}", markdown.len());
        prop_assert_eq!(markdown.matches("<details>").count(), markdown.matches("</details>").count());
    }
}
