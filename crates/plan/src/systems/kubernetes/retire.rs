//! Data outlives its block: what holds data is retired instead of deleted, and comes back or goes by name.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use stackctl_model::{
    Action, Cost, Deletion, GroupVersionKind, Mark, Operation, ResourceId, Retirement,
};

use crate::action;
use crate::systems::kubernetes::kinds::{Holding, Stopping, rules_of_object};
use crate::systems::kubernetes::mark::{Objects, app_of};
use crate::{Goal, PART_OF, Planner, RETIRED_AT, RETIRED_FROM, StackMark};

/// Annotation of a workload that was scaled to zero when it was retired: how many replicas it had.
const REPLICAS: &str = "stackctl.io/retired-replicas";

/// Annotation of a `StatefulSet` whose claims would have gone with its pods: that they did, when it ran.
const CLAIMS_WENT: &str = "stackctl.io/retired-when-scaled";

/// Apps whose data is retired because they are no longer asked for.
pub(crate) fn retiring_apps<'l>(planner: &Planner, gone: &Objects<'l>) -> BTreeSet<&'l str> {
    if planner.scope.goal != Goal::Apply {
        return BTreeSet::new();
    }
    let kept_by_itself = gone.iter().filter(|(id, object)| {
        let has_claims = object["spec"]["volumeClaimTemplates"].is_array();
        let is_kept = match rules_of_object(object).held(object) {
            Holding::Data | Holding::Unknown => true,
            Holding::RunsOnData => has_claims,
            Holding::Nothing | Holding::ThingsOfOthers | Holding::KeyToData => false,
        };
        is_kept && !planner.may_lose(id, app_of(object))
    });
    kept_by_itself.filter_map(|(_, object)| app_of(object)).collect()
}

/// What comes of keeping what is no longer asked for; none where it is not kept.
pub(crate) fn kept_because(
    planner: &Planner,
    id: &ResourceId,
    object: &Value,
    retiring: &BTreeSet<&str>,
) -> Option<&'static str> {
    let app = app_of(object);
    if planner.may_lose(id, app) {
        return None;
    }
    let goes_with_data = app.is_some_and(|app| retiring.contains(app));
    match rules_of_object(object).held(object) {
        Holding::Data | Holding::ThingsOfOthers => {
            Some("kept with all that is in it, until stackctl purge names it")
        }
        Holding::KeyToData if goes_with_data => Some("kept for the data it belongs to"),
        Holding::RunsOnData if goes_with_data => {
            Some("scaled to zero and kept for its data; stackctl undo brings it back")
        }
        Holding::Unknown => Some(
            "kept, since stackctl does not know this kind and whether it holds data; stackctl purge \
             deletes it by name",
        ),
        Holding::Nothing | Holding::RunsOnData | Holding::KeyToData => None,
    }
}

/// The merge patch that takes the mark off, says who kept the object, and stops what runs. The date is
/// left empty.
pub(crate) fn retiring_patch(mark: &StackMark, object: &Value) -> Value {
    let mut patch = json!({"metadata": {
        "labels": {PART_OF: null, RETIRED_FROM: mark.name},
        "annotations": {RETIRED_AT: ""},
    }});
    if rules_of_object(object).stopping == Stopping::Replicas {
        let replicas = object["spec"]["replicas"].as_i64().unwrap_or(1);
        patch["metadata"]["annotations"][REPLICAS] = json!(replicas.to_string());
        patch["spec"] = json!({"replicas": 0});
        if object["spec"]["persistentVolumeClaimRetentionPolicy"]["whenScaled"] == "Delete" {
            // Without this, the claims of the pods that go would go with them.
            patch["spec"]["persistentVolumeClaimRetentionPolicy"] = json!({"whenScaled": "Retain"});
            patch["metadata"]["annotations"][CLAIMS_WENT] = json!("Delete");
        }
    }
    patch
}

/// The merge patch that undoes a retirement; none for what was never retired.
pub(crate) fn return_patch(mark: &StackMark, object: &Value) -> Option<Value> {
    object["metadata"]["labels"][RETIRED_FROM].as_str()?;
    let mut patch = json!({"metadata": {
        "labels": {PART_OF: mark.value(), RETIRED_FROM: null},
        "annotations": {RETIRED_AT: null, REPLICAS: null, CLAIMS_WENT: null},
    }});
    let annotations = &object["metadata"]["annotations"];
    let replicas = annotations[REPLICAS].as_str();
    if let Some(replicas) = replicas.and_then(|text| text.parse::<i64>().ok()) {
        patch["spec"] = json!({"replicas": replicas});
        if annotations[CLAIMS_WENT] == "Delete" {
            patch["spec"]["persistentVolumeClaimRetentionPolicy"] = json!({"whenScaled": "Delete"});
        }
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
pub(crate) fn actions(planner: &Planner, retired: &Objects<'_>) -> Vec<Action> {
    retired.iter().filter_map(|(id, object)| action(planner, id, object)).collect()
}

fn action(planner: &Planner, id: &ResourceId, object: &Value) -> Option<Action> {
    let kind = GroupVersionKind::of(object)?;
    let retirement = retirement(object)?;
    let uid = object["metadata"]["uid"].as_str().map(str::to_owned);
    let mut action = if planner.scope.goal == Goal::Purge {
        purge(id, object, Deletion { kind, uid, retirement: Some(retirement) })
    } else {
        let reason = format!("{retirement}; now taken back");
        let mark = Mark { kind, uid, patch: return_patch(&planner.mark, object)? };
        action::unasked(id, Operation::TakeBack { mark, retirement }, reason)
    };
    action.app = app_of(object).map(str::to_owned);
    Some(action)
}

fn purge(id: &ResourceId, object: &Value, deletion: Deletion) -> Action {
    let since = deletion.retirement.as_ref().map(ToString::to_string).unwrap_or_default();
    let reason = format!("{since}; now deleted by name");
    let mut action = action::unasked(id, Operation::Delete(deletion), reason);
    action.cost = Cost::from(rules_of_object(object).removal_risk(object));
    if id.is_kind("", "PersistentVolumeClaim") {
        let class = object["spec"]["storageClassName"].as_str().unwrap_or("its class");
        action.effects.push(format!(
            "what becomes of the volume behind it is for the reclaim policy of {class} to say"
        ));
    }
    action
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::systems::kubernetes::merge_patch;

    #[test]
    fn what_is_taken_back_runs_as_it_did() {
        let mark = StackMark { name: "home".into(), namespace: "media".into() };
        let spec = json!({"replicas": 2,
            "persistentVolumeClaimRetentionPolicy": {"whenScaled": "Delete", "whenDeleted": "Retain"}});
        let mut set = json!({"apiVersion": "apps/v1", "kind": "StatefulSet",
            "metadata": {"name": "x", "labels": {}, "annotations": {}}, "spec": spec});
        mark.stamp(&mut set);
        let before = set.clone();
        let retiring = retiring_patch(&mark, &set);
        merge_patch(&mut set, &retiring);
        assert_eq!(set["spec"]["replicas"], 0);
        assert_eq!(set["spec"]["persistentVolumeClaimRetentionPolicy"]["whenScaled"], "Retain");
        let returning = return_patch(&mark, &set).unwrap();
        merge_patch(&mut set, &returning);
        assert_eq!(set, before);
    }
}
