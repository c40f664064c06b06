//! Takes out what says nothing, and writes equal types once.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::{Keep, Types};

/// The types that the kinds reach and that say something.
pub(super) fn compact(mut types: Types, kinds: &BTreeMap<String, Value>, keep: &Keep) -> Types {
    while drop_empty(&mut types, keep) {}
    let roots: BTreeSet<String> =
        kinds.values().filter_map(|kind| kind["of"].as_str()).map(str::to_owned).collect();
    let reached = reached(&types, &roots);
    types.retain(|name, _| reached.contains(name));
    while merge_equal(&mut types, &roots) {}
    shorten(types, &roots)
}

fn fields(entry: &Value) -> impl Iterator<Item = (&String, &Value)> {
    entry["fields"].as_object().into_iter().flatten()
}

fn is_empty(entry: &Value) -> bool {
    fields(entry).next().is_none() && entry.get("atomic").is_none()
}

/// Drops references to empty types and fields that are as a field is unless said; whether any was.
fn drop_empty(types: &mut Types, keep: &Keep) -> bool {
    let dead: BTreeSet<String> = types
        .iter()
        .filter(|(name, entry)| is_empty(entry) && !keep.contains(*name))
        .map(|(name, _)| name.clone())
        .collect();
    let mut changed = false;
    for entry in types.values_mut() {
        let Some(fields) = entry["fields"].as_object_mut() else { continue };
        for field in fields.values_mut() {
            if field["of"].as_str().is_some_and(|of| dead.contains(of)) {
                changed |= field.as_object_mut().is_some_and(|field| field.remove("of").is_some());
            }
        }
        let before = fields.len();
        fields.retain(|_, field| {
            let plain = [json!({}), json!({"list": "atomic"}), json!({"map": true})];
            !plain.contains(field)
        });
        changed |= fields.len() != before;
    }
    changed
}

fn reached(types: &Types, roots: &BTreeSet<String>) -> BTreeSet<String> {
    let mut reached = BTreeSet::new();
    let mut open: Vec<String> = roots.iter().cloned().collect();
    while let Some(name) = open.pop() {
        let Some(entry) = types.get(&name) else { continue };
        if reached.insert(name) {
            open.extend(
                fields(entry).filter_map(|(_, field)| field["of"].as_str()).map(str::to_owned),
            );
        }
    }
    reached
}

fn is_inline(name: &str, roots: &BTreeSet<String>) -> bool {
    name.contains('/') && !roots.contains(name)
}

/// Replaces types without a name of their own by an equal one with a shorter path; whether any was.
fn merge_equal(types: &mut Types, roots: &BTreeSet<String>) -> bool {
    let mut names: Vec<String> =
        types.keys().filter(|name| is_inline(name, roots)).cloned().collect();
    names.sort_by_key(|name| (name.len(), name.clone()));
    let mut first = BTreeMap::new();
    let mut renamed = BTreeMap::new();
    for name in names {
        let body = types[&name].to_string();
        match first.get(&body) {
            Some(earlier) => {
                renamed.insert(name, String::clone(earlier));
            }
            None => {
                first.insert(body, name);
            }
        }
    }
    types.retain(|name, _| !renamed.contains_key(name));
    rename(types, &renamed);
    !renamed.is_empty()
}

fn rename(types: &mut Types, renamed: &BTreeMap<String, String>) {
    for entry in types.values_mut() {
        for field in
            entry["fields"].as_object_mut().into_iter().flat_map(|fields| fields.values_mut())
        {
            if let Some(name) = field["of"].as_str().and_then(|of| renamed.get(of)) {
                field["of"] = json!(name);
            }
        }
    }
}

/// Leaves `.spec` out of paths, and `fields` out of types that have none.
fn shorten(mut types: Types, roots: &BTreeSet<String>) -> Types {
    let inline = types.keys().filter(|name| is_inline(name, roots));
    let renamed = inline.map(|name| (name.clone(), name.replace(".spec.", "."))).collect();
    rename(&mut types, &renamed);
    let finish = |(name, mut entry): (String, Value)| {
        if fields(&entry).next().is_none() {
            entry.as_object_mut().map(|entry| entry.remove("fields"));
        }
        (renamed.get(&name).cloned().unwrap_or(name), entry)
    };
    types.into_iter().map(finish).collect()
}
