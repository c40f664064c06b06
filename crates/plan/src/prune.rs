//! What is done to live objects of the stack that are no longer desired: deleted, or, when they hold data,
//! kept and retired.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use stackctl_model::{
    Action, ActionKind, GroupVersionKind, IdPattern, Live, Operation, ResourceId, Risk,
};

use crate::kubernetes::guard;
use crate::{Goal, Prepared};

/// Actions for what is live and marked, but not desired.
pub(crate) fn actions(prepared: &Prepared, live: &Live) -> Vec<Action> {
    let mut actions: Vec<Action> = live
        .objects
        .iter()
        .filter(|(id, object)| {
            let is_gone = prepared.goal == Goal::Destroy || !prepared.resources.contains_key(*id);
            is_gone && is_meant(prepared, id, app(object)) && prepared.mark.is_on(object)
        })
        .filter_map(|(id, object)| action(prepared, live, id, object))
        .collect();
    order(&mut actions);
    actions
}

fn app(object: &Value) -> Option<&str> {
    object["metadata"]["labels"]["app.kubernetes.io/name"].as_str()
}

fn is_meant(prepared: &Prepared, id: &ResourceId, app: Option<&str>) -> bool {
    let any = |patterns: &[IdPattern]| patterns.iter().any(|pattern| pattern.matches(id, app));
    (prepared.only.is_empty() || any(&prepared.only)) && !any(&prepared.except)
}

/// Kinds that hold data, or things of others.
fn holds_data(kind: &str) -> bool {
    matches!(
        kind,
        "PersistentVolumeClaim" | "PersistentVolume" | "Namespace" | "CustomResourceDefinition"
    )
}

fn action(prepared: &Prepared, live: &Live, id: &ResourceId, object: &Value) -> Option<Action> {
    let kind = GroupVersionKind::of(object)?;
    let app = app(object).map(str::to_owned);
    let is_allowed =
        prepared.allow_data_loss.iter().any(|pattern| pattern.matches(id, app.as_deref()));
    let uid = object["metadata"]["uid"].as_str().map(str::to_owned);
    let reason = match prepared.goal {
        Goal::Apply => "it is no longer in the stack",
        Goal::Destroy => "the stack is destroyed",
    };
    let holds_data = holds_data(&kind.kind);
    let retires = holds_data && !is_allowed;
    let effect =
        if retires { "kept with all that is in it; no longer part of the stack" } else { "" };
    let operation = if retires {
        Operation::Retire { kind, patch: prepared.mark.retirement() }
    } else {
        Operation::Delete { kind, uid }
    };
    Some(Action {
        id: id.clone(),
        action: if retires { ActionKind::Retire } else { ActionKind::Delete },
        reason: reason.to_owned(),
        risk: if holds_data && !retires { Risk::Data } else { Risk::None },
        effects: if effect.is_empty() { Vec::new() } else { vec![effect.to_owned()] },
        app,
        source: None,
        after: BTreeSet::new(),
        changes: Vec::new(),
        confirmed: true,
        refused: None,
        patch_first: None,
        seen: Some(guard::seen(id, object, &[], live)),
        operation,
    })
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
