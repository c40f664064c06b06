//! Plans made by hand, and the run of one.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use serde_json::json;
use stackctl_engine::{
    CancelToken, EngineError, ExecuteOptions, Ledger, Planned, Target, Targets, execute,
};
use stackctl_model::{
    Action, Cost, Event, Object, Operation, Outcome, Outlook, Plan, Report, ResourceId,
    SecretSource, Summary,
};
use stackctl_plan::StackMark;
use tokio::sync::mpsc;

/// The id of a `ConfigMap` in the namespace all of these live in.
pub(crate) fn map(name: &str) -> ResourceId {
    ResourceId::object("", "ConfigMap", Some("media"), name)
}

pub(crate) fn namespace() -> Action {
    let id = ResourceId::object("", "Namespace", None, "media");
    let value = json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "media"}});
    action(id, value, &[])
}

/// Creates a `ConfigMap` after others of them.
pub(crate) fn create(name: &str, after: &[&str]) -> Action {
    let value = json!({
        "apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, "namespace": "media"},
    });
    action(map(name), value, after)
}

/// Creates a Secret with one hole.
pub(crate) fn secret(source: SecretSource) -> Action {
    let value = json!({
        "apiVersion": "v1", "kind": "Secret", "metadata": {"name": "token", "namespace": "media"},
    });
    let mut action = action(ResourceId::object("", "Secret", Some("media"), "token"), value, &[]);
    if let Operation::Create(object) = &mut action.operation {
        object.secrets.insert("KEY".to_owned(), source);
    }
    action
}

fn action(id: ResourceId, value: serde_json::Value, after: &[&str]) -> Action {
    let is_namespace = id.is_kind("", "Namespace");
    let mut needs: BTreeSet<_> = after.iter().map(|name| map(name)).collect();
    if !is_namespace {
        needs.insert(ResourceId::object("", "Namespace", None, "media"));
    }
    Action {
        id,
        operation: Operation::Create(Object::plain(value)),
        reason: "it does not exist".to_owned(),
        cost: Cost::Nothing,
        effects: Vec::new(),
        app: None,
        source: None,
        after: needs,
        changes: Vec::new(),
        outlook: Outlook::Confirmed,
    }
}

/// The stack that all of these are for.
pub(crate) fn mark() -> StackMark {
    StackMark { name: "home".to_owned(), namespace: "media".to_owned() }
}

pub(crate) fn planned(folder: &Path, mut actions: Vec<Action>) -> Planned {
    actions.sort_by(|a, b| a.id.cmp(&b.id));
    let plan = Plan {
        stack: "home".to_owned(),
        summary: Summary::default(),
        actions,
        unmanaged: Vec::new(),
        findings: Vec::new(),
        notes: Vec::new(),
        secrets: BTreeMap::new(),
        owned: 0,
    };
    Planned::new(plan, mark(), None, folder)
}

/// A run that has ended.
pub(crate) struct Ended {
    pub(crate) report: Report,
    pub(crate) events: Vec<Event>,
}

pub(crate) async fn run<T: Target + Ledger + 'static>(
    target: Arc<T>,
    planned: Planned,
) -> Result<Ended, EngineError> {
    run_with(target, planned, ExecuteOptions::default(), CancelToken::new()).await
}

pub(crate) async fn run_with<T: Target + Ledger + 'static>(
    target: Arc<T>,
    planned: Planned,
    options: ExecuteOptions,
    cancel: CancelToken,
) -> Result<Ended, EngineError> {
    run_on(Targets::all_in(&target), planned, options, cancel).await
}

pub(crate) async fn run_on(
    targets: Targets,
    planned: Planned,
    options: ExecuteOptions,
    cancel: CancelToken,
) -> Result<Ended, EngineError> {
    let (sender, mut receiver) = mpsc::unbounded_channel();
    let report = execute(targets, planned, options, cancel, sender).await?;
    let mut events = Vec::new();
    while let Some(event) = receiver.recv().await {
        events.push(event);
    }
    Ok(Ended { report, events })
}

impl Ended {
    /// Where the first event about an action of this kind stands.
    pub(crate) fn place(&self, wanted: impl Fn(&Event) -> bool) -> usize {
        self.events.iter().position(wanted).unwrap()
    }

    pub(crate) fn outcome(&self, id: &ResourceId) -> &Outcome {
        let outcomes: Vec<_> = self
            .events
            .iter()
            .filter_map(|event| match event {
                Event::ActionEnded { id: ended, outcome, .. } if ended == id => Some(outcome),
                Event::ActionEnded { .. }
                | Event::Started { .. }
                | Event::ActionStarted { .. }
                | Event::Waiting { .. }
                | Event::Retrying { .. }
                | Event::Stopping
                | Event::WaitingForLock { .. }
                | Event::LockLost { .. }
                | Event::Finished { .. } => None,
            })
            .collect();
        assert_eq!(outcomes.len(), 1, "each action ends once: {outcomes:?}");
        outcomes[0]
    }
}
