//! In what a live object differs from what is asked for, and which of that is for others to say.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::Value;
use stackctl_model::{Change, Desired, FieldPath, FieldPolicy, Live, Object, Resource, ResourceId};

use super::compare::open_changes;
use super::node_object::is_node;
use super::owned::Owners;
use super::replace::replaces;
use super::secrets::{SecretChange, secret_changes};
use super::taints::{self, TaintChange};
use super::yields::{policy, remove, yielded};
use crate::{Goal, Planner};

/// A Secret without values, and any other object.
pub(crate) static NO_DIGESTS: BTreeMap<String, String> = BTreeMap::new();

/// A live object, and the digests of its values where it is a Secret.
#[derive(Clone, Copy)]
pub(crate) struct LiveObject<'l> {
    pub(crate) value: &'l Value,
    pub(crate) digests: &'l BTreeMap<String, String>,
}

impl<'l> LiveObject<'l> {
    /// An object of an observation.
    pub(crate) fn of(live: &'l Live, id: &ResourceId) -> Option<Self> {
        let value = live.cluster.objects.get(id)?;
        Some(Self { value, digests: live.cluster.digests.get(id).unwrap_or(&NO_DIGESTS) })
    }
}

/// What one desired object differs in. Nothing is copied before something is to be written.
pub(crate) struct Difference<'a> {
    asked: &'a Object,
    /// What is asked for, without what others rightly own.
    pub(crate) value: Cow<'a, Value>,
    /// Changes besides those of secret values.
    pub(crate) changes: Vec<Change>,
    pub(crate) secrets: Vec<SecretChange>,
    pub(crate) taints: Option<TaintChange>,
    /// Fields of others that the stack says to stop at, in words.
    pub(crate) conflicts: Vec<String>,
}

impl Difference<'_> {
    /// Whether nothing differs.
    pub(crate) fn is_empty(&self) -> bool {
        self.is_empty_for_apply() && self.taints.is_none()
    }

    /// Whether nothing differs that server-side apply would change: taints are patched.
    fn is_empty_for_apply(&self) -> bool {
        self.changes.is_empty() && self.secrets.is_empty()
    }

    /// The fields that server-side apply would change.
    pub(crate) fn paths(&self) -> impl Iterator<Item = &FieldPath> {
        let secrets = self.secrets.iter().map(|change| &change.path);
        self.changes.iter().map(|change| &change.path).chain(secrets)
    }

    /// What is to be written.
    pub(crate) fn into_object(self) -> Object {
        let Object { value: _, secrets, gpus } = self.asked;
        Object { value: self.value.into_owned(), secrets: secrets.clone(), gpus: gpus.clone() }
    }
}

/// The live objects that differ, and in what; every difference is looked for once in a planning.
pub(crate) struct Differences<'a>(BTreeMap<&'a ResourceId, Difference<'a>>);

impl<'a> Differences<'a> {
    /// Compares all objects that are meant with those that are live.
    pub(crate) fn of(planner: &'a Planner, live: &Live) -> Self {
        if planner.scope.goal != Goal::Apply {
            return Self(BTreeMap::new());
        }
        let difference = |id| {
            let resource = planner.resources.get(id)?;
            let Desired::Object(object) = &resource.desired else { return None };
            let difference = difference(planner, resource, object, LiveObject::of(live, id)?);
            (!difference.is_empty()).then_some((&resource.id, difference))
        };
        Self(planner.chosen.iter().filter_map(difference).collect())
    }

    /// What one object differs in; none where it is as asked for.
    pub(crate) fn take(&mut self, id: &ResourceId) -> Option<Difference<'a>> {
        self.0.remove(id)
    }

    /// Whether server-side apply would change a live object in place.
    fn changes_in_place(&self, id: &ResourceId) -> bool {
        let difference = self.0.get(id);
        difference.is_some_and(|one| !one.is_empty_for_apply() && !replaces(id, one.paths()))
    }

    /// Resources that are absent or differ, and that the server can be asked about.
    pub(crate) fn to_preview(&self, planner: &'a Planner, live: &Live) -> Vec<&'a Resource> {
        if planner.scope.goal != Goal::Apply {
            return Vec::new();
        }
        let wanted = |resource: &&Resource| {
            let (ResourceId::Object(id), Desired::Object(object)) =
                (&resource.id, &resource.desired)
            else {
                return false;
            };
            let has_home =
                id.namespace.as_ref().is_none_or(|name| live.cluster.namespaces.contains(name));
            let is_known = object
                .group_version_kind()
                .is_none_or(|kind| !live.cluster.unknown_kinds.contains(&kind));
            let is_absent = !live.cluster.objects.contains_key(&resource.id);
            has_home && is_known && (is_absent || self.changes_in_place(&resource.id))
        };
        let chosen = planner.chosen.iter().filter_map(|id| planner.resources.get(id));
        chosen.filter(wanted).collect()
    }
}

/// Compares one object with what is live.
pub(crate) fn difference<'a>(
    planner: &Planner,
    resource: &Resource,
    asked: &'a Object,
    found: LiveObject<'_>,
) -> Difference<'a> {
    let owners = Owners::for_plan(found.value, &asked.value);
    let mut value = yielded(&asked.value, &owners);
    let mut changes = open_changes(found.value, &value, &owners);
    let mut conflicts = Vec::new();
    changes.retain(|change| {
        match policy(&planner.ownership, &resource.id, resource.app.as_deref(), change) {
            Some(FieldPolicy::Yield) => {
                remove(value.to_mut(), &change.path.0);
                false
            }
            Some(FieldPolicy::Fail) => {
                conflicts.push(conflict(change));
                true
            }
            Some(FieldPolicy::Take) | None => true,
        }
    });
    let secrets = secret_changes(planner, resource, &asked.secrets, &value, found.digests);
    let taints = is_node(&resource.id).then(|| taints::difference(&asked.value, found.value));
    Difference { asked, value, changes, secrets, taints: taints.flatten(), conflicts }
}

fn conflict(change: &Change) -> String {
    let since = change.last_written.as_ref().map_or_else(String::new, |time| format!(" at {time}"));
    let who = change.last_writer.as_deref().unwrap_or("another manager");
    format!("{} was written by {who}{since}", change.path)
}
