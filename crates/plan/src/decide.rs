//! What is done to each desired resource, and why.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use stackctl_model::{
    Action, ActionKind, Change, ChangeValue, Desired, Live, Object, Operation, Plan, Preview,
    Remark, Resource, ResourceId, Risk, Summary,
};

use crate::graph::Bridges;
use crate::systems::kubernetes::compare::{at, creation};
use crate::systems::kubernetes::difference::{Found, NONE};
use crate::systems::kubernetes::guard;
use crate::systems::kubernetes::longhorn::{is_longhorns_own, longhorns_own};
use crate::systems::kubernetes::node_object::{is_missing, is_node};
use crate::systems::kubernetes::owned::taken_over;
use crate::systems::kubernetes::replace::{replace, replaces};
use crate::systems::kubernetes::secrets::Secrets;
use crate::systems::kubernetes::taints;
use crate::systems::kubernetes::{prune, retire};
use crate::systems::machine;
use crate::{Goal, Prepared, mark_of};

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
                    !difference.changes.is_empty() && !replaces(&id.kind, &difference.changes)
                }
            };
            has_home && is_known && differs
        };
        self.chosen.iter().filter_map(|id| self.resources.get(id)).filter(wanted).collect()
    }

    /// Decides what is done to each resource.
    pub fn plan(&self, live: &Live, previews: &BTreeMap<ResourceId, Preview>) -> Plan {
        let mut actions = Vec::new();
        let mut unmanaged = Vec::new();
        let mut findings =
            if self.goal.is_about_retired() { Vec::new() } else { machine::findings(self, live) };
        let mut secrets = Secrets::default();
        let mut unchanged = 0;
        if self.goal == Goal::Apply {
            for resource in self.chosen.iter().filter_map(|id| self.resources.get(id)) {
                match self.decide(resource, live, previews.get(&resource.id), &mut secrets) {
                    Decision::Act(action) => actions.push(*action),
                    Decision::Leave(reason) => unmanaged.push(remark(resource, reason)),
                    Decision::Finding(reason) => findings.push(remark(resource, reason)),
                    Decision::Nothing => unchanged += 1,
                }
            }
        }
        let ids: BTreeSet<ResourceId> = actions.iter().map(|action| action.id.clone()).collect();
        let mut bridges = Bridges::new(&self.resources, &ids);
        for action in &mut actions {
            action.after = bridges.before(&action.id);
        }
        actions.extend(if self.goal.is_about_retired() {
            retire::actions(self, live)
        } else {
            prune::actions(self, live)
        });
        if !self.goal.is_about_retired() {
            actions.extend(machine::leaving(self, live));
        }
        for action in &mut actions {
            action.allowed =
                action.risk == Risk::Data && self.may_lose(&action.id, action.app.as_deref());
        }
        actions.sort_by(|a, b| a.id.cmp(&b.id));
        findings.sort_by(|a, b| a.id.cmp(&b.id));
        let mut summary = summary(&actions);
        summary.unchanged = unchanged;
        summary.unmanaged = unmanaged.len();
        summary.findings = findings.len();
        let (stack, mut notes) = (self.mark.name.clone(), live.notes.clone());
        let unasked = previews.values().filter(|one| matches!(one, Preview::Unasked(_))).count();
        if unasked > 0 {
            notes.push(format!(
                "These credentials may read but not write, so the cluster was not asked about {unasked} of the \
                 changes; what it would refuse is seen at apply."
            ));
        }
        let secrets = secrets.into_digests();
        Plan {
            format: Plan::FORMAT,
            stack,
            summary,
            actions,
            unmanaged,
            findings,
            notes,
            owned: live.cluster.objects.len(),
            secrets,
        }
    }

    fn decide(
        &self,
        resource: &Resource,
        live: &Live,
        preview: Option<&Preview>,
        secrets: &mut Secrets,
    ) -> Decision {
        let object = match &resource.desired {
            Desired::Object(object) => object,
            Desired::OnNode(on_node) => return machine::decide(self, resource, on_node, live),
            Desired::Setting(_) => {
                return Decision::Leave(reason_unmanaged(&resource.id).to_owned());
            }
        };
        match live.cluster.objects.get(&resource.id) {
            Some(found) => self.decide_live(resource, object, found, live, (preview, secrets)),
            None => self.decide_absent(resource, object, (preview, secrets)),
        }
    }

    fn decide_live(
        &self,
        resource: &Resource,
        object: &Object,
        found: &Value,
        live: &Live,
        (preview, secrets): (Option<&Preview>, &mut Secrets),
    ) -> Decision {
        let with_digests = Found::of(live, &resource.id, found);
        let mut difference = self.difference(resource, object, with_digests, secrets);
        let taints = tainted(resource, object, found);
        if difference.changes.is_empty() && taints.is_none() {
            return Decision::Nothing;
        }
        let seen = guard::seen(with_digests, &difference.changes);
        let kind = resource.id.as_object().map_or("", |id| id.kind.as_str());
        if replaces(kind, &difference.changes) {
            let mut action = replace(resource, difference, found, live);
            action.seen = Some(seen);
            return Decision::Act(Box::new(action));
        }
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
        let mut action = action(resource, ActionKind::Update, reason(&difference.changes));
        let conflicts = std::mem::take(&mut difference.conflicts);
        action.patch_first = patch_first(&difference.object.value, found).or(taint_patch);
        action.operation = Operation::Apply(Desired::Object(difference.object));
        action.changes = difference.changes;
        action.seen = Some(seen);
        note_preview(&mut action, preview);
        note_conflicts(&mut action, &conflicts);
        Decision::Act(Box::new(action))
    }

    fn decide_absent(
        &self,
        resource: &Resource,
        object: &Object,
        (preview, secrets): (Option<&Preview>, &mut Secrets),
    ) -> Decision {
        if let Some(Preview::Existing { live: found, digests, owner, .. }) = preview {
            if is_longhorns_own(&resource.id, found) {
                return Decision::Leave(longhorns_own(object, found));
            }
            let found = Found { object: found, digests };
            return self.adopt(resource, object, (found, owner.as_deref()), secrets);
        }
        if is_node(&resource.id) {
            return Decision::Finding(is_missing(&resource.id));
        }
        let mut action = action(resource, ActionKind::Create, "it is not there yet".to_owned());
        let mut shown = object.value.clone();
        if resource.id.is_kind("", "Secret") {
            let data = shown.as_object_mut().and_then(|map| map.remove("data"));
            action.changes = self.secret_changes(resource, object, data.as_ref(), &NONE, secrets);
        }
        action.changes.splice(0..0, creation(&shown));
        action.operation = Operation::Apply(resource.desired.clone());
        action.confirmed = matches!(preview, Some(Preview::Object(_)));
        note_preview(&mut action, preview);
        Decision::Act(Box::new(action))
    }

    fn adopt(
        &self,
        resource: &Resource,
        object: &Object,
        (found, owner): (Found<'_>, Option<&str>),
        secrets: &mut Secrets,
    ) -> Decision {
        let difference = self.difference(resource, object, found, secrets);
        let seen = guard::seen(found, &difference.changes);
        let found = found.object;
        let mut action =
            action(resource, ActionKind::Adopt, "it is there, but belongs to no stack".to_owned());
        if is_node(&resource.id) {
            "its labels and taints are added".clone_into(&mut action.reason);
        }
        let (taint, taint_patch) = tainted(resource, object, found).unzip();
        action.patch_first = patch_first(&difference.object.value, found).or(taint_patch);
        if let Some(fields) = taken_over(found) {
            let patch = json!({"metadata": {"managedFields": fields}});
            join_patch(action.patch_first.get_or_insert_default(), patch);
        }
        if let Some(patch) = retire::return_patch(&self.mark, found) {
            let since = retire::since(found).unwrap_or_default();
            action.reason = format!("{since}; now taken back");
            join_patch(action.patch_first.get_or_insert_default(), patch);
        }
        action.seen = Some(seen);
        action.operation = Operation::Apply(Desired::Object(difference.object));
        action.changes = difference.changes;
        action.changes.extend(taint);
        note_conflicts(&mut action, &difference.conflicts);
        if mark_of(found).is_some() {
            let owner = owner.map_or("another stack".to_owned(), |name| format!("stack {name}"));
            action.reason = format!("it belongs to {owner}");
            action.refused = Some(format!("it belongs to {owner}; it is left as it is"));
            action.operation = Operation::Refused;
        }
        Decision::Act(Box::new(action))
    }
}

/// How a Node object's taints differ, and what mends that.
fn tainted(resource: &Resource, object: &Object, found: &Value) -> Option<(Change, Value)> {
    is_node(&resource.id).then(|| taints::difference(&object.value, found)).flatten()
}

fn remark(resource: &Resource, reason: String) -> Remark {
    Remark {
        id: resource.id.clone(),
        reason,
        source: resource.origin.clone(),
        app: resource.app.clone(),
    }
}

/// What is decided about one resource.
pub(crate) enum Decision {
    Act(Box<Action>),
    /// No target manages it.
    Leave(String),
    /// A person has to do something about it.
    Finding(String),
    Nothing,
}

/// An action with nothing to do yet.
pub(crate) fn action(resource: &Resource, kind: ActionKind, reason: String) -> Action {
    Action {
        id: resource.id.clone(),
        action: kind,
        reason,
        risk: Risk::None,
        effects: Vec::new(),
        app: resource.app.clone(),
        source: Some(resource.origin.clone()),
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

fn note_preview(action: &mut Action, preview: Option<&Preview>) {
    match preview {
        Some(Preview::Refused(reason)) => action.refused = Some(reason.clone()),
        Some(Preview::Unconfirmed(_) | Preview::Unasked(_)) => action.confirmed = false,
        Some(Preview::Object(_) | Preview::Existing { .. }) | None => {}
    }
}

fn note_conflicts(action: &mut Action, conflicts: &[String]) {
    if !conflicts.is_empty() {
        action.refused =
            Some(format!("{}, and the stack says to stop at that", conflicts.join("; ")));
        action.operation = Operation::Conflict;
    }
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

fn reason_unmanaged(id: &ResourceId) -> &'static str {
    match id {
        ResourceId::Machine(_) => "this is not managed on nodes",
        ResourceId::Authentik { .. } => "Authentik is not managed yet",
        ResourceId::App { .. } => "settings inside apps are not managed yet",
        ResourceId::Stack { .. } => "backups and alerts are not managed yet",
        ResourceId::Object(_) => "this kind is not managed yet",
    }
}

pub(crate) fn summary(actions: &[Action]) -> Summary {
    let count = |kind| actions.iter().filter(|action| action.action == kind).count();
    Summary {
        create: count(ActionKind::Create),
        update: count(ActionKind::Update),
        replace: count(ActionKind::Replace),
        delete: count(ActionKind::Delete),
        adopt: count(ActionKind::Adopt),
        retire: count(ActionKind::Retire),
        deferred: count(ActionKind::Deferred),
        unchanged: 0,
        unmanaged: 0,
        findings: 0,
    }
}
