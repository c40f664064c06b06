//! What changes in the values of a Secret: compared by keyed digests, shown as numbers.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use stackctl_model::{Change, ChangeValue, FieldPath, Object, Resource, SecretSource};

use crate::Prepared;

/// Numbers for secret values: equal numbers are equal values.
#[derive(Default)]
pub(crate) struct Secrets(BTreeMap<String, u32>);

impl Secrets {
    fn number(&mut self, digest: &str) -> ChangeValue {
        let next = u32::try_from(self.0.len() + 1).unwrap_or(u32::MAX);
        ChangeValue::Secret(*self.0.entry(digest.to_owned()).or_insert(next))
    }
}

impl Secrets {
    /// The digest behind each number.
    pub(crate) fn into_digests(self) -> BTreeMap<u32, String> {
        self.0.into_iter().map(|(digest, number)| (number, digest)).collect()
    }
}

impl Prepared {
    /// What differs between the digests of what is live and of what is wanted.
    pub(crate) fn secret_changes(
        &self,
        resource: &Resource,
        object: &Object,
        data: Option<&Value>,
        before: &BTreeMap<String, String>,
        secrets: &mut Secrets,
    ) -> Vec<Change> {
        let wanted = self.digests.get(&resource.id);
        let plain = data.and_then(Value::as_object).into_iter().flatten().map(|(key, _)| key);
        let mut keys: BTreeSet<&String> = object.secrets.keys().chain(plain).collect();
        keys.extend(before.keys());
        let mut changes = Vec::new();
        for key in keys {
            let source = object.secrets.get(key);
            let is_wanted = source.is_some() || data.is_some_and(|data| data.get(key).is_some());
            let after = wanted.and_then(|digests| digests.get(key)).and_then(Option::as_ref);
            let keeps = matches!(source, Some(SecretSource::Generate { .. })) || after.is_none();
            let live = before.get(key);
            if live.is_some() && is_wanted && (keeps || live == after) {
                continue;
            }
            changes.push(Change {
                path: FieldPath::fields(["data", key.as_str()]),
                before: live.map_or(ChangeValue::Absent, |digest| secrets.number(digest)),
                after: if is_wanted {
                    secrets.number(after.map_or(key.as_str(), String::as_str))
                } else {
                    ChangeValue::Absent
                },
                last_writer: None,
                last_written: None,
            });
        }
        changes
    }
}
