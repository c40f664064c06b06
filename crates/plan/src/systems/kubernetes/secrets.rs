//! What changes in the values of a Secret: compared by keyed digests, shown as numbers.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use stackctl_model::{Change, ChangeValue, FieldPath, Resource, SecretSource};

use crate::Planner;

/// Numbers for secret values: equal numbers are equal values. They are given in the order of decisions, which
/// is that of ids.
#[derive(Default)]
pub(crate) struct Secrets(BTreeMap<String, u32>);

impl Secrets {
    /// Changes as they are shown.
    pub(crate) fn numbered(&mut self, changes: Vec<SecretChange>) -> Vec<Change> {
        let numbered = changes.into_iter().map(|SecretChange { path, before, after }| Change {
            path,
            before: self.number(before),
            after: self.number(after),
            last_writer: None,
            last_written: None,
        });
        numbered.collect()
    }

    fn number(&mut self, digest: Option<String>) -> ChangeValue {
        let Some(digest) = digest else { return ChangeValue::Absent };
        let next = u32::try_from(self.0.len() + 1).unwrap_or(u32::MAX);
        ChangeValue::Secret(*self.0.entry(digest).or_insert(next))
    }

    /// The digest behind each number.
    pub(crate) fn into_digests(self) -> BTreeMap<u32, String> {
        self.0.into_iter().map(|(digest, number)| (number, digest)).collect()
    }
}

/// A value that differs, before it has a number.
pub(crate) struct SecretChange {
    pub(crate) path: FieldPath,
    /// The digest of what is live.
    before: Option<String>,
    /// The digest of what is asked for; its key, where that is not known yet.
    after: Option<String>,
}

/// What differs between the digests of what is live and of what is wanted: `value` and what fills its holes.
pub(crate) fn secret_changes(
    planner: &Planner,
    resource: &Resource,
    holes: &BTreeMap<String, SecretSource>,
    value: &Value,
    live: &BTreeMap<String, String>,
) -> Vec<SecretChange> {
    if !resource.id.is_kind("", "Secret") {
        return Vec::new();
    }
    let wanted = planner.digests.get(&resource.id);
    let data = value.get("data").and_then(Value::as_object);
    let plain = data.into_iter().flatten().map(|(key, _)| key);
    let mut keys: BTreeSet<&String> = holes.keys().chain(plain).collect();
    keys.extend(live.keys());
    let change = |key: &String| {
        let source = holes.get(key);
        let is_wanted = source.is_some() || data.is_some_and(|data| data.contains_key(key));
        let after = wanted.and_then(|digests| digests.get(key)).and_then(Option::as_ref);
        let keeps = matches!(source, Some(SecretSource::Generate { .. })) || after.is_none();
        let before = live.get(key);
        if before.is_some() && is_wanted && (keeps || before == after) {
            return None;
        }
        Some(SecretChange {
            path: FieldPath::fields(["data", key.as_str()]),
            before: before.cloned(),
            after: is_wanted.then(|| after.unwrap_or(key).clone()),
        })
    };
    keys.into_iter().filter_map(change).collect()
}
