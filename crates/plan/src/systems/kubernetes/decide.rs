//! What is done to each desired object, and why.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use stackctl_model::{
    ActionKind, Adoption, Change, ChangeValue, Desired, Held, Live, Object, Operation, Outlook,
    Overwrite, Preview, Resource, ResourceId,
};

use super::compare::{at, creation};
use super::difference::{Found, NONE};
use super::longhorn::{is_longhorns_own, longhorns_own};
use super::node_object::{is_missing, is_node};
use super::owned::taken_over;
use super::replace::{replace, replaces};
use super::secrets::Secrets;
use super::{guard, retire, taints};
use crate::decision::Decision;
use crate::lints::{LONGHORNS_OWN_CLASS, NODE_MISSING};
use crate::{Goal, Prepared, action, mark_of};

impl Prepared {
    /// Resources that are absent or differ, and that the server can be asked about.
    pub fn to_preview(&self, live: &Live) -> Vec<&Resource> {
        if self.goal != Goal::Apply {
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
            let differs = match live.cluster.objects.get(&resource.id) {
                None => true,
                Some(found) => {
                    let found = Found::of(live, &resource.id, found);
                    let difference =
                        self.difference(resource, object, found, &mut Secrets::default());
                    !difference.changes.is_empty() && !replaces(&resource.id, &difference.changes)
                }
            };
            has_home && is_known && differs
        };
        self.chosen.iter().filter_map(|id| self.resources.get(id)).filter(wanted).collect()
    }
}

/// Decides about one object after the other; numbers the secret values that it sees.
pub(crate) struct Decider<'a> {
    prepared: &'a Prepared,
    live: &'a Live,
    previews: &'a BTreeMap<ResourceId, Preview>,
    secrets: Secrets,
}

impl<'a> Decider<'a> {
    pub(crate) fn new(
        prepared: &'a Prepared,
        live: &'a Live,
        previews: &'a BTreeMap<ResourceId, Preview>,
    ) -> Self {
        Self { prepared, live, previews, secrets: Secrets::default() }
    }

    /// Keyed digests behind the numbers of secret values.
    pub(crate) fn into_digests(self) -> BTreeMap<u32, String> {
        self.secrets.into_digests()
    }

    /// Decides about one object.
    pub(crate) fn decide(&mut self, resource: &Resource, object: &Object) -> Decision {
        match self.live.cluster.objects.get(&resource.id) {
            Some(found) => self.decide_live(resource, object, found),
            None => self.decide_absent(resource, object),
        }
    }

    fn decide_live(&mut self, resource: &Resource, object: &Object, found: &Value) -> Decision {
        let with_digests = Found::of(self.live, &resource.id, found);
        let mut difference =
            self.prepared.difference(resource, object, with_digests, &mut self.secrets);
        let taints = tainted(resource, object, found);
        if difference.changes.is_empty() && taints.is_none() {
            return Decision::Nothing;
        }
        let seen = guard::seen(with_digests, &difference.changes);
        if replaces(&resource.id, &difference.changes) {
            return Decision::Act(Box::new(replace(resource, difference, seen, self.live)));
        }
        let preview = self.previews.get(&resource.id);
        if let Some(Preview::Object(after)) = preview {
            difference.changes.retain(|change| {
                matches!(change.after, ChangeValue::Secret(_))
                    || matches!(change.before, ChangeValue::Secret(_))
                    || at(found, &change.path) != at(after, &change.path)
            });
            if difference.changes.is_empty() && taints.is_none() {
                return Decision::Nothing;
            }
        }
        let (taint, taint_patch) = taints.unzip();
        difference.changes.extend(taint);
        let reason = reason(&difference.changes);
        let patch_first = patch_first(&difference.object.value, found).or(taint_patch);
        let over = Overwrite { object: difference.object, patch_first, seen };
        let operation = match conflict(ActionKind::Update, &difference.conflicts) {
            Some(held) => Operation::Held(held),
            None => Operation::Update(over),
        };
        let mut action = action::wanted(resource, operation, reason);
        action.changes = difference.changes;
        action.outlook = preview.map_or(Outlook::Confirmed, outlook);
        Decision::Act(Box::new(action))
    }

    fn decide_absent(&mut self, resource: &Resource, object: &Object) -> Decision {
        let preview = self.previews.get(&resource.id);
        if let Some(Preview::Existing { live: found, digests, owner, .. }) = preview {
            if is_longhorns_own(&resource.id, found) {
                let reason = longhorns_own(object, found);
                return Decision::Leave { code: LONGHORNS_OWN_CLASS.code, reason };
            }
            let found = Found { object: found, digests };
            return if mark_of(found.object).is_some() {
                self.leave_to_its_owner(resource, object, found, owner.as_deref())
            } else {
                self.adopt(resource, object, found)
            };
        }
        if is_node(&resource.id) {
            let reason = is_missing(&resource.id);
            return Decision::Finding { code: NODE_MISSING.code, reason };
        }
        let operation = Operation::Create(object.clone());
        let mut action = action::wanted(resource, operation, "it is not there yet".to_owned());
        let mut shown = object.value.clone();
        if resource.id.is_kind("", "Secret") {
            let data = shown.as_object_mut().and_then(|map| map.remove("data"));
            let secrets = &mut self.secrets;
            action.changes =
                self.prepared.secret_changes(resource, object, data.as_ref(), &NONE, secrets);
        }
        action.changes.splice(0..0, creation(&shown));
        action.outlook = preview.map_or(Outlook::Unconfirmed, outlook);
        Decision::Act(Box::new(action))
    }

    /// What belongs to another stack is shown as it differs, and left as it is.
    fn leave_to_its_owner(
        &mut self,
        resource: &Resource,
        object: &Object,
        found: Found<'_>,
        owner: Option<&str>,
    ) -> Decision {
        let difference = self.prepared.difference(resource, object, found, &mut self.secrets);
        let owner = owner.map_or("another stack".to_owned(), |name| format!("stack {name}"));
        let reason = format!("it belongs to {owner}");
        let why = format!("{reason}; it is left as it is");
        let operation = Operation::Held(Held::Foreign { why });
        let mut action = action::wanted(resource, operation, reason);
        action.changes = difference.changes;
        action.changes.extend(tainted(resource, object, found.object).map(|(taint, _)| taint));
        Decision::Act(Box::new(action))
    }

    fn adopt(&mut self, resource: &Resource, object: &Object, found: Found<'_>) -> Decision {
        let difference = self.prepared.difference(resource, object, found, &mut self.secrets);
        let seen = guard::seen(found, &difference.changes);
        let found = found.object;
        let (taint, taint_patch) = tainted(resource, object, found).unzip();
        let mut patch = patch_first(&difference.object.value, found).or(taint_patch);
        if let Some(fields) = taken_over(found) {
            let more = json!({"metadata": {"managedFields": fields}});
            join_patch(patch.get_or_insert_default(), more);
        }
        if let Some(more) = retire::return_patch(&self.prepared.mark, found) {
            join_patch(patch.get_or_insert_default(), more);
        }
        let retirement = retire::retirement(found);
        let reason = match &retirement {
            Some(retirement) => format!("{retirement}; now taken back"),
            None if is_node(&resource.id) => "its labels and taints are added".to_owned(),
            None => "it is there, but belongs to no stack".to_owned(),
        };
        let over = Overwrite { object: difference.object, patch_first: patch, seen };
        let operation = match conflict(ActionKind::Adopt, &difference.conflicts) {
            Some(held) => Operation::Held(held),
            None => Operation::Adopt(Adoption { over, retirement }),
        };
        let mut action = action::wanted(resource, operation, reason);
        action.changes = difference.changes;
        action.changes.extend(taint);
        Decision::Act(Box::new(action))
    }
}

/// How a Node object's taints differ, and what mends that.
fn tainted(resource: &Resource, object: &Object, found: &Value) -> Option<(Change, Value)> {
    is_node(&resource.id).then(|| taints::difference(&object.value, found)).flatten()
}

/// What a preview says of the action it was asked for.
fn outlook(preview: &Preview) -> Outlook {
    match preview {
        Preview::Refused(reason) => Outlook::Objected(reason.clone()),
        Preview::Unconfirmed(_) | Preview::Unasked(_) => Outlook::Unconfirmed,
        Preview::Object(_) | Preview::Existing { .. } => Outlook::Confirmed,
    }
}

/// Why a write is held, where the stack says to stop at fields of others.
fn conflict(intended: ActionKind, conflicts: &[String]) -> Option<Held> {
    let why = || format!("{}, and the stack says to stop at that", conflicts.join("; "));
    (!conflicts.is_empty()).then(|| Held::Conflict { intended, why: why() })
}

fn reason(changes: &[Change]) -> String {
    match changes {
        [one] => format!("{} differs", one.path),
        [first, rest @ ..] => format!("{} and {} more differ", first.path, rest.len()),
        [] => "it differs".to_owned(),
    }
}

/// Server-side apply cannot take `rollingUpdate` away when the type becomes `Recreate`.
fn patch_first(desired: &Value, found: &Value) -> Option<Value> {
    let is_left = desired["spec"]["strategy"]["type"] == "Recreate"
        && found["spec"]["strategy"]["rollingUpdate"].is_object();
    is_left.then(|| json!({"spec": {"strategy": {"type": "Recreate", "rollingUpdate": null}}}))
}

/// One merge patch on top of another; what either takes away stays taken away.
fn join_patch(patch: &mut Value, more: Value) {
    match (patch, more) {
        (Value::Object(patch), Value::Object(more)) => {
            for (name, value) in more {
                join_patch(patch.entry(name).or_insert(Value::Null), value);
            }
        }
        (patch, more) => *patch = more,
    }
}
