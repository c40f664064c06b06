//! Server-side apply by the field manager `stackctl`, as the sandbox does it.

use serde_json::{Map, Value, json};
use stackctl_model::GroupVersionKind;

use super::fields::Fields;
use super::fill::fill;
use super::lists::{Listing, keys_of, listing, same_item};
use super::owned::{Owners, is_ours};
use super::schema::{Schema, Shape};
use crate::FIELD_MANAGER;

/// The object as a server-side apply of `desired` would leave it. Kinds the schema does not know are
/// approximated: lists whose elements have names merge by name, others are one value.
pub fn merge(live: Option<&Value>, desired: &Value, schema: &Schema) -> Value {
    let shape = schema.root(desired);
    let owned = live.map(Owners::of).unwrap_or_default().ours;
    let mut merged = merge_value(live, desired, &owned, shape);
    fill(&mut merged, shape);
    let others =
        live.and_then(|live| live["metadata"]["managedFields"].as_array()).into_iter().flatten();
    let mut entries: Vec<Value> = others.filter(|entry| !is_ours(entry)).cloned().collect();
    entries.insert(0, entry(desired, shape));
    merged["metadata"]["managedFields"] = Value::Array(entries);
    merged
}

fn entry(desired: &Value, shape: Shape<'_>) -> Value {
    let mut fields = fields_of(desired, shape);
    for name in ["apiVersion", "kind"] {
        fields.children.remove(name);
    }
    if let Some(metadata) = fields.children.get_mut("metadata") {
        metadata.children.remove("name");
        metadata.children.remove("namespace");
        metadata.children.remove("managedFields");
    }
    let api_version = GroupVersionKind::of(desired).map(|_| desired["apiVersion"].clone());
    json!({
        "manager": FIELD_MANAGER,
        "operation": "Apply",
        "apiVersion": api_version,
        "fieldsType": "FieldsV1",
        "fieldsV1": fields.to_value(),
    })
}

/// The fields that applying `desired` would make this manager's own.
pub(crate) fn fields_of(desired: &Value, shape: Shape<'_>) -> Fields {
    match desired {
        Value::Object(map) if !shape.is_atomic() && !map.is_empty() => {
            let mut fields = Fields::default();
            for (name, value) in map.iter().filter(|(_, value)| !value.is_null()) {
                fields.children.insert(name.clone(), fields_of(value, shape.field(name)));
            }
            fields
        }
        Value::Array(items) => match listing(items, shape) {
            Listing::Keyed(names) => {
                let mut fields = Fields::default();
                for item in items {
                    let mut below = fields_of(item, shape.item());
                    below.itself = true;
                    fields.items.push((keys_of(item, &names, shape), below));
                }
                if fields.items.is_empty() { Fields::leaf() } else { fields }
            }
            Listing::Set => {
                Fields { members: items.clone(), itself: items.is_empty(), ..Fields::default() }
            }
            Listing::Atomic => Fields::leaf(),
        },
        _ => Fields::leaf(),
    }
}

fn merge_value(live: Option<&Value>, desired: &Value, owned: &Fields, shape: Shape<'_>) -> Value {
    match (live, desired) {
        (Some(Value::Object(before)), Value::Object(wanted)) if !shape.is_atomic() => {
            Value::Object(merge_map(before, wanted, owned, shape))
        }
        (_, Value::Object(wanted)) if !shape.is_atomic() => {
            Value::Object(merge_map(&Map::new(), wanted, owned, shape))
        }
        (Some(Value::Array(before)), Value::Array(wanted)) => match listing(wanted, shape) {
            Listing::Keyed(names) => merge_keyed(before, wanted, owned, &names, shape),
            Listing::Set => {
                let mut members = wanted.clone();
                let kept = before
                    .iter()
                    .filter(|member| !owned.members.contains(member) && !wanted.contains(member));
                members.extend(kept.cloned());
                Value::Array(members)
            }
            Listing::Atomic => desired.clone(),
        },
        _ => desired.clone(),
    }
}

fn merge_map(
    before: &Map<String, Value>,
    wanted: &Map<String, Value>,
    owned: &Fields,
    shape: Shape<'_>,
) -> Map<String, Value> {
    let mut merged = Map::new();
    let nothing = Fields::default();
    for (name, value) in before {
        let below = owned.children.get(name);
        match (wanted.get(name), below) {
            (Some(desired), _) => {
                let value =
                    merge_value(Some(value), desired, below.unwrap_or(&nothing), shape.field(name));
                merged.insert(name.clone(), value);
            }
            (None, Some(below)) => {
                if let Some(kept) = without(value, below, shape.field(name)) {
                    merged.insert(name.clone(), kept);
                }
            }
            (None, None) => {
                merged.insert(name.clone(), value.clone());
            }
        }
    }
    for (name, desired) in
        wanted.iter().filter(|(name, value)| !before.contains_key(*name) && !value.is_null())
    {
        merged.insert(name.clone(), merge_value(None, desired, &nothing, shape.field(name)));
    }
    merged
}

fn merge_keyed(
    before: &[Value],
    wanted: &[Value],
    owned: &Fields,
    names: &[String],
    shape: Shape<'_>,
) -> Value {
    let nothing = Fields::default();
    let owner = |item: &Value| {
        owned
            .items
            .iter()
            .find(|(keys, _)| keys.iter().all(|(name, value)| item.get(name) == Some(value)))
    };
    let mut items = Vec::new();
    for desired in wanted {
        let live = before.iter().find(|live| same_item(live, desired, names, shape));
        let below = live.and_then(owner).map_or(&nothing, |(_, below)| below);
        items.push(merge_value(live, desired, below, shape.item()));
    }
    for live in
        before.iter().filter(|live| !wanted.iter().any(|item| same_item(live, item, names, shape)))
    {
        if owner(live).is_none() {
            items.push(live.clone());
        }
    }
    Value::Array(items)
}

/// What is left of a value once the fields this manager owned are gone.
fn without(value: &Value, owned: &Fields, shape: Shape<'_>) -> Option<Value> {
    if owned.is_leaf() {
        return None;
    }

    match value {
        Value::Object(before) => {
            let left = merge_map(before, &Map::new(), owned, shape);
            if left.is_empty() { None } else { Some(Value::Object(left)) }
        }
        Value::Array(before) => {
            let kept: Vec<Value> = before
                .iter()
                .filter(|item| {
                    let ours = owned.items.iter();
                    !owned.members.contains(item)
                        && !ours.into_iter().any(|(keys, _)| {
                            keys.iter().all(|(name, key)| item.get(name) == Some(key))
                        })
                })
                .cloned()
                .collect();
            if kept.is_empty() { None } else { Some(Value::Array(kept)) }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
    }
}

/// Applies a JSON merge patch (RFC 7386).
pub fn merge_patch(target: &mut Value, patch: &Value) {
    let Some(patch) = patch.as_object() else {
        *target = patch.clone();
        return;
    };
    if !target.is_object() {
        *target = Value::Object(Map::new());
    }
    let Some(target) = target.as_object_mut() else { return };
    for (key, value) in patch {
        if value.is_null() {
            target.remove(key);
        } else {
            merge_patch(target.entry(key.clone()).or_insert(Value::Null), value);
        }
    }
}
