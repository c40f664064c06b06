//! The group that owns a GPU's device is read on its node and handed to the pods that use it.

use serde_json::{Value, json};
use stackctl_model::{Desired, Live, Machine, NodeSetting, Object, Resource, ResourceId};

use super::looked_at::gpu_device;
use crate::Planner;

/// Groups that own `/dev/dri/renderD128` on the usual distributions.
const USUAL: [i64; 6] = [44, 104, 105, 109, 992, 993];

/// Lets the pods of all objects join the groups that were seen. Where a node was not seen, a live object
/// keeps what it has: an unreachable node is no reason to start an app anew.
pub(crate) fn join(planner: &mut Planner, live: &Live) {
    let seen = |id: &ResourceId| match planner.resources.get(id).map(|one| &one.desired) {
        Some(Desired::OnNode(one)) => group(id, &one.setting, live),
        _ => None,
    };
    let mut joined = Vec::new();
    for (id, resource) in &planner.resources {
        let Desired::Object(object) = &resource.desired else { continue };
        if object.gpus.is_empty() {
            continue;
        }
        let groups: Vec<Option<i64>> = object.gpus.iter().map(seen).collect();
        let known = groups.iter().flatten().copied();
        let mut groups: Vec<i64> = if groups.contains(&None) {
            let live = live.cluster.objects.get(id).and_then(|live| groups_of(live)?.as_array());
            match live {
                Some(live) => live.iter().filter_map(Value::as_i64).chain(known).collect(),
                None => USUAL.into_iter().chain(known).collect(),
            }
        } else {
            known.collect()
        };
        groups.sort_unstable();
        groups.dedup();
        joined.push((id.clone(), groups));
    }
    for (id, groups) in joined {
        if let Some(Resource { desired: Desired::Object(object), .. }) =
            planner.resources.get_mut(&id)
        {
            set(object, &groups);
        }
    }
}

/// Lets the pods join the usual groups, for who cannot look at any node.
pub fn join_usual(object: &mut Object) {
    if !object.gpus.is_empty() {
        set(object, &USUAL);
    }
}

fn groups_of(object: &Value) -> Option<&Value> {
    object.pointer("/spec/template/spec/securityContext/supplementalGroups")
}

fn set(object: &mut Object, groups: &[i64]) {
    object.value["spec"]["template"]["spec"]["securityContext"]["supplementalGroups"] =
        json!(groups);
}

fn group(id: &ResourceId, setting: &NodeSetting, live: &Live) -> Option<i64> {
    let (ResourceId::Machine(id), NodeSetting::Gpu { class, device }) = (id, setting) else {
        return None;
    };
    let facts = live.machines.seen.get(&id.node).and_then(Machine::facts)?;
    Some(facts.devices.get(gpu_device(class, device.as_deref()))?.group)
}
