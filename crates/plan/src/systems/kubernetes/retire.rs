//! Data outlives its block: what holds data is retired instead of deleted, and comes back or goes by name.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use stackctl_model::{
    Action, Cost, Deletion, GroupVersionKind, Live, Mark, Operation, ResourceId, Retirement, Risk,
};

use crate::action;
use crate::systems::kubernetes::prune::{app, is_meant};
use crate::{Goal, PART_OF, Prepared, RETIRED_AT, RETIRED_FROM, StackMark};

/// Annotation of a workload that was scaled to zero when it was retired: how many replicas it had.
const REPLICAS: &str = "stackctl.io/retired-replicas";

/// Kinds that hold data, or things of others.
pub(crate) fn holds_data(kind: &str) -> bool {
    matches!(
        kind,
        "PersistentVolumeClaim" | "PersistentVolume" | "Namespace" | "CustomResourceDefinition"
    )
}

/// Kinds that an app's data is of no use without: what runs on it, and the keys it was given.
fn goes_with_data(kind: &str) -> bool {
    matches!(kind, "Deployment" | "StatefulSet" | "Secret")
}

/// Apps whose data is retired because they are no longer asked for.
pub(crate) fn retiring_apps<'l>(
    prepared: &Prepared,
    gone: impl Iterator<Item = (&'l ResourceId, &'l Value)>,
) -> BTreeSet<&'l str> {
    if prepared.goal != Goal::Apply {
        return BTreeSet::new();
    }
    let claims = gone.filter(|(id, object)| {
        let own_claims = object["spec"]["volumeClaimTemplates"].is_array();
        let is_data = id.is_kind("", "PersistentVolumeClaim") || own_claims;
        is_data && !prepared.may_lose(id, app(object))
    });
    claims.filter_map(|(_, object)| app(object)).collect()
}

/// Whether what is no longer asked for is kept, and what comes of it.
pub(crate) fn is_kept(
    prepared: &Prepared,
    id: &ResourceId,
    object: &Value,
    retiring: &BTreeSet<&str>,
) -> Option<&'static str> {
    let kind = id.as_object().map_or("", |id| id.kind.as_str());
    let app = app(object);
    if prepared.may_lose(id, app) {
        return None;
    }
    if holds_data(kind) {
        return Some("kept with all that is in it, until stackctl purge names it");
    }
    if !goes_with_data(kind) || !app.is_some_and(|app| retiring.contains(app)) {
        return None;
    }
    Some(match kind {
        "Secret" => "kept for the data it belongs to",
        _ => "scaled to zero and kept for its data; stackctl undo brings it back",
    })
}

/// The merge patch that takes the mark off, says who kept the object, and stops what runs. The date is
/// left empty.
pub(crate) fn retiring_patch(mark: &StackMark, object: &Value) -> Value {
    let mut patch = json!({"metadata": {
        "labels": {PART_OF: null, RETIRED_FROM: mark.name},
        "annotations": {RETIRED_AT: ""},
    }});
    if matches!(object["kind"].as_str(), Some("Deployment" | "StatefulSet")) {
        let replicas = object["spec"]["replicas"].as_i64().unwrap_or(1);
        patch["metadata"]["annotations"][REPLICAS] = json!(replicas.to_string());
        patch["spec"] = json!({"replicas": 0});
    }
    patch
}

/// The merge patch that undoes a retirement; none for what was never retired.
pub(crate) fn return_patch(mark: &StackMark, object: &Value) -> Option<Value> {
    object["metadata"]["labels"][RETIRED_FROM].as_str()?;
    let mut patch = json!({"metadata": {
        "labels": {PART_OF: mark.value(), RETIRED_FROM: null},
        "annotations": {RETIRED_AT: null, REPLICAS: null},
    }});
    let replicas = object["metadata"]["annotations"][REPLICAS].as_str();
    if let Some(replicas) = replicas.and_then(|text| text.parse::<i64>().ok()) {
        patch["spec"] = json!({"replicas": replicas});
    }
    Some(patch)
}

/// Since when, and from which stack, an object is retired.
pub(crate) fn retirement(object: &Value) -> Option<Retirement> {
    let from = object["metadata"]["labels"][RETIRED_FROM].as_str()?.to_owned();
    let at = object["metadata"]["annotations"][RETIRED_AT].as_str().unwrap_or_default().to_owned();
    Some(Retirement { from, at })
}

/// Actions for what was retired: deleted for good, or taken back.
pub(crate) fn actions(prepared: &Prepared, live: &Live) -> Vec<Action> {
    let meant =
        live.cluster.objects.iter().filter(|(id, object)| is_meant(prepared, id, app(object)));
    meant.filter_map(|(id, object)| action(prepared, id, object)).collect()
}

fn action(prepared: &Prepared, id: &ResourceId, object: &Value) -> Option<Action> {
    let kind = GroupVersionKind::of(object)?;
    let retirement = retirement(object)?;
    let uid = object["metadata"]["uid"].as_str().map(str::to_owned);
    let mut action = if prepared.goal == Goal::Purge {
        purge(id, object, Deletion { kind, uid, retirement: Some(retirement) })
    } else {
        let reason = format!("{retirement}; now taken back");
        let mark = Mark { kind, uid, patch: return_patch(&prepared.mark, object)? };
        action::unasked(id, Operation::TakeBack { mark, retirement }, reason)
    };
    action.app = app(object).map(str::to_owned);
    Some(action)
}

fn purge(id: &ResourceId, object: &Value, deletion: Deletion) -> Action {
    let kind = deletion.kind.kind.clone();
    let since = deletion.retirement.as_ref().map(ToString::to_string).unwrap_or_default();
    let reason = format!("{since}; now deleted by name");
    let mut action = action::unasked(id, Operation::Delete(deletion), reason);
    if holds_data(&kind) {
        action.cost = Cost::from(Risk::Data);
    }
    if kind == "PersistentVolumeClaim" {
        let class = object["spec"]["storageClassName"].as_str().unwrap_or("its class");
        action.effects.push(format!(
            "what becomes of the volume behind it is for the reclaim policy of {class} to say"
        ));
    }
    action
}
