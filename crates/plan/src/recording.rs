//! What was asked for, as a generation keeps it: every resource, and no secret.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use stackctl_model::{
    ActionKind, Change, ChangeValue, Desired, Object, OnNode, Origin, PublishedAction,
    PublishedPlan, Resource, ResourceId, Risk, SecretSource, Summary,
};

use crate::StackMark;
use crate::action::summary;
use crate::systems::kubernetes::compare::{changes, creation};
use crate::systems::kubernetes::owned::Owners;

/// A resource as it is kept.
#[derive(Serialize, Deserialize)]
struct Recorded {
    id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    app: Option<String>,
    origin: Origin,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    after: BTreeSet<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    object: Option<Value>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    secrets: BTreeMap<String, SecretSource>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    setting: BTreeMap<String, Value>,
    #[serde(default, rename = "onNode", skip_serializing_if = "Option::is_none")]
    on_node: Option<OnNode>,
}

/// The resources of a stack as JSON, without the values of its Secrets.
pub fn record<'a>(resources: impl Iterator<Item = &'a Resource>) -> Vec<u8> {
    let recorded: Vec<_> = resources.map(recorded).collect();
    serde_json::to_vec(&recorded).expect("resources are plain data")
}

fn recorded(resource: &Resource) -> Recorded {
    let (mut object, mut on_node) = (None, None);
    let (mut secrets, mut setting) = (BTreeMap::new(), BTreeMap::new());
    match &resource.desired {
        Desired::Object(desired) => {
            secrets.clone_from(&desired.secrets);
            object = Some(without_values(&resource.id, desired.value.clone(), &mut secrets));
        }
        Desired::OnNode(asked) => on_node = Some(asked.clone()),
        Desired::Setting(attributes) => setting.clone_from(attributes),
    }
    Recorded {
        id: resource.id.to_string(),
        app: resource.app.clone(),
        origin: resource.origin.clone(),
        after: resource.after.iter().map(ToString::to_string).collect(),
        object,
        secrets,
        setting,
        on_node,
    }
}

/// The object; each value that stands in a Secret becomes a hole.
fn without_values(
    id: &ResourceId,
    mut object: Value,
    secrets: &mut BTreeMap<String, SecretSource>,
) -> Value {
    if !id.is_kind("", "Secret") {
        return object;
    }
    for name in ["data", "stringData"] {
        let values = object.as_object_mut().and_then(|object| object.remove(name));
        let keys = values.as_ref().and_then(Value::as_object).into_iter().flatten();
        for (key, _) in keys {
            secrets.entry(key.clone()).or_insert(SecretSource::Unrecorded);
        }
    }
    object
}

/// The resources of a record; none when it cannot be understood.
pub fn restore(record: &[u8]) -> Option<Vec<Resource>> {
    let recorded: Vec<Recorded> = serde_json::from_slice(record).ok()?;
    let mut ids = BTreeMap::new();
    for one in &recorded {
        ids.insert(one.id.clone(), id(one)?);
    }
    let resource = |one: Recorded| {
        Some(Resource {
            id: ids.get(&one.id)?.clone(),
            app: one.app,
            origin: one.origin,
            after: one.after.iter().filter_map(|id| ids.get(id).cloned()).collect(),
            desired: match (one.object, one.on_node) {
                (Some(value), _) => {
                    Desired::Object(Object { secrets: one.secrets, ..Object::plain(value) })
                }
                (None, Some(asked)) => Desired::OnNode(asked),
                (None, None) => Desired::Setting(one.setting),
            },
        })
    };
    recorded.into_iter().map(resource).collect()
}

/// An object is named by what it says of itself, which is exact.
fn id(recorded: &Recorded) -> Option<ResourceId> {
    let Some(object) = &recorded.object else {
        return serde_json::from_value(recorded.id.clone().into()).ok();
    };
    let kind = stackctl_model::GroupVersionKind::of(object)?;
    let metadata = object.get("metadata")?;
    let namespace = metadata.get("namespace").and_then(Value::as_str);
    Some(ResourceId::object(kind.group, kind.kind, namespace, metadata.get("name")?.as_str()?))
}

/// How what a later apply asked for differs from what an earlier one did: a plan that nobody carries out.
pub fn compare_recordings(
    mark: &StackMark,
    from: Vec<Resource>,
    to: Vec<Resource>,
) -> PublishedPlan {
    let by_id = |all: Vec<Resource>| -> BTreeMap<ResourceId, Resource> {
        all.into_iter().map(|one| (one.id.clone(), one)).collect()
    };
    let (from, to) = (by_id(from), by_id(to));
    let ids: BTreeSet<&ResourceId> = from.keys().chain(to.keys()).collect();
    let count = ids.len();
    let compared = ids.into_iter().filter_map(|id| compare(from.get(id), to.get(id)));
    let actions: Vec<PublishedAction> = compared.collect();
    let unchanged = count - actions.len();
    let summary = Summary { unchanged, ..summary(actions.iter().map(|one| one.action)) };
    PublishedPlan {
        format: PublishedPlan::FORMAT,
        stack: mark.name.clone(),
        summary,
        actions,
        unmanaged: Vec::new(),
        findings: Vec::new(),
        notes: Vec::new(),
    }
}

/// How one resource is asked for otherwise; none where it is not.
fn compare(before: Option<&Resource>, after: Option<&Resource>) -> Option<PublishedAction> {
    let (resource, action, reason, changes) = match (before, after) {
        (Some(before), Some(after)) => {
            let changes = asked_otherwise(before, after);
            if changes.is_empty() {
                return None;
            }
            (after, ActionKind::Update, "it is asked for otherwise", changes)
        }
        (None, Some(after)) => (after, ActionKind::Create, "it was added", creation(&shown(after))),
        (Some(before), None) => (before, ActionKind::Delete, "it was taken out", Vec::new()),
        (None, None) => return None,
    };
    Some(PublishedAction {
        id: resource.id.clone(),
        action,
        reason: reason.to_owned(),
        risk: Risk::None,
        effects: Vec::new(),
        app: resource.app.clone(),
        source: Some(resource.origin.clone()),
        after: BTreeSet::new(),
        changes,
        confirmed: true,
        refused: None,
        allowed: false,
    })
}

/// Fields that differ in either direction.
fn asked_otherwise(before: &Resource, after: &Resource) -> Vec<Change> {
    let (before, after) = (shown(before), shown(after));
    let owners = Owners::default();
    let mut changes = changes(&before, &after, &owners);
    let gone = self::changes(&after, &before, &owners).into_iter();
    changes.extend(
        gone.filter(|change| change.before == ChangeValue::Absent).map(|change| Change {
            before: change.after,
            after: change.before,
            ..change
        }),
    );
    changes
}

/// What there is to see of a resource: where secrets come from, not what they are.
fn shown(resource: &Resource) -> Value {
    match &resource.desired {
        Desired::Setting(attributes) => json!(attributes),
        Desired::OnNode(asked) => json!(asked),
        Desired::Object(object) => {
            let mut value = object.value.clone();
            for (key, source) in &object.secrets {
                value["data"][key] = source.to_string().into();
            }
            value
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_recorded_is_restored_without_values() {
        let secret = Resource {
            id: ResourceId::object("", "Secret", Some("media"), "keys"),
            app: Some("jellyfin".into()),
            origin: Origin { file: "stack.kdl".into(), line: 3, column: 1 },
            after: [ResourceId::object("x.io", "Shelf", None, "films")].into(),
            desired: Desired::Object(Object {
                secrets: [("b".to_owned(), SecretSource::Env("B".into()))].into(),
                ..Object::plain(json!({"apiVersion": "v1", "kind": "Secret",
                    "metadata": {"name": "keys", "namespace": "media"}, "data": {"a": "Y2FuYXJ5"}}))
            }),
        };
        let shelf = Resource {
            id: ResourceId::object("x.io", "Shelf", None, "films"),
            app: None,
            origin: Origin::default(),
            after: BTreeSet::new(),
            desired: Desired::Object(Object::plain(
                json!({"apiVersion": "x.io/v1", "kind": "Shelf", "metadata": {"name": "films"}}),
            )),
        };
        let node = Resource {
            id: ResourceId::machine("nuc", stackctl_model::SettingName::Sysctl("a.b".into())),
            desired: Desired::Setting([("value".to_owned(), json!(5))].into()),
            ..shelf.clone()
        };
        let record = record([&secret, &shelf, &node].into_iter());
        assert!(!String::from_utf8_lossy(&record).contains("Y2FuYXJ5"));
        let restored = restore(&record).unwrap();
        assert_eq!(restored.get(1..), Some(&[shelf, node][..]));
        let Some(Desired::Object(object)) = restored.first().map(|one| &one.desired) else {
            panic!()
        };
        assert_eq!(object.secrets.get("a"), Some(&SecretSource::Unrecorded));
        assert_eq!(
            restored.first().map(|one| (&one.id, &one.after)),
            Some((&secret.id, &secret.after))
        );
    }
}
