//! In what a live object differs from what is asked for, and which of that is for others to say.

use std::collections::BTreeMap;

use serde_json::Value;
use stackctl_model::{Change, FieldPolicy, Live, Object, Resource, ResourceId};

use crate::Prepared;
use crate::systems::kubernetes::compare::open_changes;
use crate::systems::kubernetes::owned::Owners;
use crate::systems::kubernetes::secrets::Secrets;
use crate::systems::kubernetes::yields::{policy, remove, yielded};

/// A Secret without values, and any other object.
pub(crate) static NONE: BTreeMap<String, String> = BTreeMap::new();

/// A live object, and the digests of its values where it is a Secret.
#[derive(Clone, Copy)]
pub(crate) struct Found<'l> {
    pub(crate) object: &'l Value,
    pub(crate) digests: &'l BTreeMap<String, String>,
}

impl<'l> Found<'l> {
    /// An object of an observation.
    pub(crate) fn of(live: &'l Live, id: &ResourceId, object: &'l Value) -> Self {
        Self { object, digests: live.cluster.digests.get(id).unwrap_or(&NONE) }
    }
}

/// What one desired object differs in.
pub(crate) struct Difference {
    pub(crate) object: Object,
    pub(crate) changes: Vec<Change>,
    /// Fields of others that the stack says to stop at, in words.
    pub(crate) conflicts: Vec<String>,
}

impl Prepared {
    pub(crate) fn difference(
        &self,
        resource: &Resource,
        object: &Object,
        found: Found<'_>,
        secrets: &mut Secrets,
    ) -> Difference {
        let owners = Owners::for_plan(found.object, &object.value);
        let mut object = Object { value: yielded(object.value.clone(), &owners), ..object.clone() };
        let mut changes = open_changes(found.object, &object.value, &owners);
        let mut conflicts = Vec::new();
        changes.retain(|change| {
            match policy(&self.ownership, &resource.id, resource.app.as_deref(), change) {
                Some(FieldPolicy::Yield) => {
                    remove(&mut object.value, &change.path.0);
                    false
                }
                Some(FieldPolicy::Fail) => {
                    conflicts.push(conflict(change));
                    true
                }
                Some(FieldPolicy::Take) | None => true,
            }
        });
        if resource.id.is_kind("", "Secret") {
            let data = object.value.get("data");
            changes.extend(self.secret_changes(resource, &object, data, found.digests, secrets));
        }
        Difference { object, changes, conflicts }
    }
}

fn conflict(change: &Change) -> String {
    let since = change.last_written.as_ref().map_or_else(String::new, |time| format!(" at {time}"));
    let who = change.last_writer.as_deref().unwrap_or("another manager");
    format!("{} was written by {who}{since}", change.path)
}
