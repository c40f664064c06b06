//! What is done to each desired object, and why.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::{Value, json};
use stackctl_model::{
    ActionKind, Adoption, Change, Held, Live, Object, Operation, Outlook, Overwrite, Preview,
    Resource, ResourceId,
};

use super::compare::{at, creation};
use super::difference::{Difference, Differences, LiveObject, NO_DIGESTS, difference};
use super::longhorn::{is_longhorns_own, why_left_to_longhorn};
use super::node_object::{is_node, why_missing};
use super::owned::taken_over;
use super::replace::{replace, replaces};
use super::secrets::{Secrets, secret_changes};
use super::{guard, retire};
use crate::decision::Decision;
use crate::lints::{LONGHORNS_OWN_CLASS, NODE_MISSING};
use crate::{Planner, action, mark_of};

/// Decides about one object after the other; numbers the secret values that it sees.
pub(crate) struct Decider<'a> {
    planner: &'a Planner,
    live: &'a Live,
    differences: Differences<'a>,
    previews: &'a BTreeMap<ResourceId, Preview>,
    secrets: Secrets,
}

impl<'a> Decider<'a> {
    pub(crate) fn new(
        planner: &'a Planner,
        live: &'a Live,
        differences: Differences<'a>,
        previews: &'a BTreeMap<ResourceId, Preview>,
    ) -> Self {
        Self { planner, live, differences, previews, secrets: Secrets::default() }
    }

    /// Keyed digests behind the numbers of secret values.
    pub(crate) fn into_digests(self) -> BTreeMap<u32, String> {
        self.secrets.into_digests()
    }

    /// Decides about one object.
    pub(crate) fn decide(&mut self, resource: &Resource, object: &Object) -> Decision {
        match self.live.cluster.objects.get(&resource.id) {
            Some(_) => self.decide_live(resource),
            None => self.decide_absent(resource, object),
        }
    }

    fn decide_live(&mut self, resource: &Resource) -> Decision {
        let found = LiveObject::of(self.live, &resource.id);
        let Some((found, mut difference)) = found.zip(self.differences.take(&resource.id)) else {
            return Decision::Nothing;
        };
        let seen = guard::seen(found, &difference.changes);
        if replaces(&resource.id, difference.paths()) {
            let changes = self.shown_changes(&mut difference);
            let object = difference.into_object();
            return Decision::Act(Box::new(replace(resource, object, changes, seen, self.live)));
        }
        let preview = self.previews.get(&resource.id);
        if let Some(Preview::Object(after)) = preview {
            difference.changes.retain(|one| at(found.value, &one.path) != at(after, &one.path));
            if difference.is_empty() {
                return Decision::Nothing;
            }
        }
        let changes = self.shown_changes(&mut difference);
        let reason = reason(&changes);
        let taints = difference.taints.take().map(|taints| taints.patch);
        let patch_first = patch_first(&difference.value, found.value).or(taints);
        let held = conflict(ActionKind::Update, &difference.conflicts);
        let over = Overwrite { object: difference.into_object(), patch_first, seen };
        let operation = held.map_or_else(|| Operation::Update(over), Operation::Held);
        let mut action = action::wanted(resource, operation, reason);
        action.changes = changes;
        action.outlook = preview.map_or(Outlook::Confirmed, outlook);
        Decision::Act(Box::new(action))
    }

    /// All that differs, as it is shown; taken out of the difference.
    fn shown_changes(&mut self, difference: &mut Difference<'_>) -> Vec<Change> {
        let mut changes = std::mem::take(&mut difference.changes);
        changes.extend(self.secrets.numbered(std::mem::take(&mut difference.secrets)));
        changes.extend(difference.taints.as_ref().map(|taints| taints.change.clone()));
        changes
    }

    fn decide_absent(&mut self, resource: &Resource, object: &Object) -> Decision {
        let preview = self.previews.get(&resource.id);
        if let Some(Preview::Existing { live: found, digests, owner, .. }) = preview {
            if is_longhorns_own(&resource.id, found) {
                let reason = why_left_to_longhorn(object, found);
                return Decision::Leave { code: LONGHORNS_OWN_CLASS.code, reason };
            }
            let found = LiveObject { value: found, digests };
            return if mark_of(found.value).is_some() {
                self.leave_to_its_owner(resource, object, found, owner.as_deref())
            } else {
                self.adopt(resource, object, found)
            };
        }
        if is_node(&resource.id) {
            let reason = why_missing(&resource.id);
            return Decision::Finding { code: NODE_MISSING.code, reason };
        }
        let operation = Operation::Create(object.clone());
        let mut action = action::wanted(resource, operation, "it is not there yet".to_owned());
        let secrets =
            secret_changes(self.planner, resource, &object.secrets, &object.value, &NO_DIGESTS);
        action.changes = creation(&without_values(&resource.id, &object.value));
        action.changes.extend(self.secrets.numbered(secrets));
        action.outlook = preview.map_or(Outlook::Unconfirmed, outlook);
        Decision::Act(Box::new(action))
    }

    /// What belongs to another stack is shown as it differs, and left as it is.
    fn leave_to_its_owner(
        &mut self,
        resource: &Resource,
        object: &Object,
        found: LiveObject<'_>,
        owner: Option<&str>,
    ) -> Decision {
        let mut difference = difference(self.planner, resource, object, found);
        let owner = owner.map_or("another stack".to_owned(), |name| format!("stack {name}"));
        let reason = format!("it belongs to {owner}");
        let why = format!("{reason}; it is left as it is");
        let operation = Operation::Held(Held::Foreign { why });
        let mut action = action::wanted(resource, operation, reason);
        action.changes = self.shown_changes(&mut difference);
        Decision::Act(Box::new(action))
    }

    fn adopt(&mut self, resource: &Resource, object: &Object, found: LiveObject<'_>) -> Decision {
        let mut difference = difference(self.planner, resource, object, found);
        let seen = guard::seen(found, &difference.changes);
        let changes = self.shown_changes(&mut difference);
        let found = found.value;
        let taints = difference.taints.take().map(|taints| taints.patch);
        let mut patch = patch_first(&difference.value, found).or(taints);
        if let Some(fields) = taken_over(found) {
            let more = json!({"metadata": {"managedFields": fields}});
            join_patch(patch.get_or_insert_default(), more);
        }
        if let Some(more) = retire::return_patch(&self.planner.mark, found) {
            join_patch(patch.get_or_insert_default(), more);
        }
        let retirement = retire::retirement(found);
        let reason = match &retirement {
            Some(retirement) => format!("{retirement}; now taken back"),
            None if is_node(&resource.id) => "its labels and taints are added".to_owned(),
            None => "it is there, but belongs to no stack".to_owned(),
        };
        let held = conflict(ActionKind::Adopt, &difference.conflicts);
        let over = Overwrite { object: difference.into_object(), patch_first: patch, seen };
        let adoption = Adoption { over, retirement };
        let operation = held.map_or_else(|| Operation::Adopt(adoption), Operation::Held);
        let mut action = action::wanted(resource, operation, reason);
        action.changes = changes;
        Decision::Act(Box::new(action))
    }
}

/// An object as it is shown where it is created: the values of a Secret are shown apart.
fn without_values<'o>(id: &ResourceId, object: &'o Value) -> Cow<'o, Value> {
    let mut shown = Cow::Borrowed(object);
    if id.is_kind("", "Secret")
        && let Some(fields) = shown.to_mut().as_object_mut()
    {
        fields.remove("data");
    }
    shown
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
