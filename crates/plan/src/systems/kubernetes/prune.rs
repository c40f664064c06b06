//! What is done to live objects of the stack that are no longer desired: deleted, or, when they hold data,
//! kept and retired.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use stackctl_model::{
    Action, ActionKind, GroupVersionKind, IdPattern, Live, Operation, ResourceId, Risk,
};

use crate::systems::kubernetes::difference::Found;
use crate::systems::kubernetes::guard;
use crate::systems::kubernetes::node_object::{is_node, release};
use crate::systems::kubernetes::retire::{self, holds_data};
use crate::{Goal, Prepared};

/// Actions for what is live and marked, but not desired.
pub(crate) fn actions(prepared: &Prepared, live: &Live) -> Vec<Action> {
    let gone: Vec<(&ResourceId, &Value)> = live
        .cluster
        .objects
        .iter()
        .filter(|(id, object)| {
            let is_gone = prepared.goal == Goal::Destroy || !prepared.resources.contains_key(*id);
            is_gone && is_meant(prepared, id, app(object)) && prepared.mark.is_on(object)
        })
        .collect();
    let retiring = retire::retiring_apps(prepared, gone.iter().copied());
    let mut actions: Vec<Action> = gone
        .iter()
        .filter_map(|(id, object)| action(prepared, live, (id, object), &retiring))
        .collect();
    order(&mut actions);
    actions
}

/// The app an object belongs to.
pub(crate) fn app(object: &Value) -> Option<&str> {
    object["metadata"]["labels"]["app.kubernetes.io/name"].as_str()
}

/// Whether an object that is in no file is among those that are to be changed.
pub(crate) fn is_meant(prepared: &Prepared, id: &ResourceId, app: Option<&str>) -> bool {
    let any = |patterns: &[IdPattern]| patterns.iter().any(|pattern| pattern.matches(id, app));
    (prepared.only.is_empty() || any(&prepared.only)) && !any(&prepared.except)
}

/// An action on an object that is in no file, with nothing to do yet.
pub(crate) fn blank(id: &ResourceId, object: &Value, live: &Live) -> Action {
    Action {
        app: app(object).map(str::to_owned),
        seen: Some(guard::seen(Found::of(live, id, object), &[])),
        ..blank_of(id)
    }
}

/// An action on what is in no file, with nothing to do yet.
pub(crate) fn blank_of(id: &ResourceId) -> Action {
    Action {
        id: id.clone(),
        action: ActionKind::Delete,
        reason: String::new(),
        risk: Risk::None,
        effects: Vec::new(),
        app: None,
        source: None,
        after: BTreeSet::new(),
        changes: Vec::new(),
        confirmed: true,
        refused: None,
        allowed: false,
        patch_first: None,
        seen: None,
        operation: Operation::Refused,
    }
}

/// Why what is owned goes.
pub(crate) fn why_gone(goal: Goal) -> &'static str {
    match goal {
        Goal::Destroy => "the stack is destroyed",
        Goal::Apply | Goal::Purge | Goal::Undo => "it is no longer in the stack",
    }
}

fn action(
    prepared: &Prepared,
    live: &Live,
    (id, object): (&ResourceId, &Value),
    retiring: &BTreeSet<&str>,
) -> Option<Action> {
    let kind = GroupVersionKind::of(object)?;
    let mut action = blank(id, object, live);
    why_gone(prepared.goal).clone_into(&mut action.reason);
    if is_node(id) {
        action.action = ActionKind::Update;
        action.effects.push("Its labels and taints of this stack are taken off.".to_owned());
        action.operation = release(object);
    } else if let Some(effect) = retire::is_kept(prepared, id, object, retiring) {
        action.action = ActionKind::Retire;
        action.effects.push(effect.to_owned());
        action.operation =
            Operation::Mark { kind, patch: retire::retirement(&prepared.mark, object) };
    } else {
        action.risk = if holds_data(&kind.kind) { Risk::Data } else { Risk::None };
        let uid = object["metadata"]["uid"].as_str().map(str::to_owned);
        action.operation = Operation::Delete { kind, uid };
    }
    Some(action)
}

/// Dependents go before what they depend on.
fn rank(kind: &str) -> u8 {
    match kind {
        "HTTPRoute" | "CronJob" | "Job" | "ServiceMonitor" | "Ingress" => 0,
        "Deployment" | "StatefulSet" | "DaemonSet" => 1,
        "PersistentVolumeClaim" => 3,
        "PersistentVolume" | "StorageClass" | "Gateway" => 4,
        "CustomResourceDefinition" => 5,
        "Namespace" => 6,
        _ => 2,
    }
}

fn order(actions: &mut [Action]) {
    let kind = |id: &ResourceId| rank(id.as_object().map_or("", |id| id.kind.as_str()));
    let mut by_rank: BTreeMap<u8, BTreeSet<ResourceId>> = BTreeMap::new();
    for action in actions.iter() {
        by_rank.entry(kind(&action.id)).or_default().insert(action.id.clone());
    }
    for action in actions.iter_mut() {
        if let Some((_, before)) = by_rank.range(..kind(&action.id)).next_back() {
            action.after.clone_from(before);
        }
    }
}
