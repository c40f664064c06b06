//! Who owns which field of a live object, from `metadata.managedFields`.

use serde_json::Value;
use stackctl_model::FieldPath;

use super::fields::Fields;
use crate::FIELD_MANAGER;

/// The owners of a live object's fields.
#[derive(Clone, Debug, Default)]
pub(crate) struct Owners {
    /// What this stack applied.
    pub(crate) ours: Fields,
    /// What others wrote, in the order of the entries.
    pub(crate) others: Vec<Owner>,
    /// Whether the object says anything about owners.
    pub(crate) is_tracked: bool,
}

/// One other owner.
#[derive(Clone, Debug)]
pub(crate) struct Owner {
    pub(crate) manager: String,
    pub(crate) subresource: String,
    time: String,
    pub(crate) fields: Fields,
}

impl Owners {
    /// Reads the owners of a live object.
    pub(crate) fn of(live: &Value) -> Self {
        let mut owners = Self::default();
        let entries = live.get("metadata").and_then(|metadata| metadata.get("managedFields"));
        for entry in entries.and_then(Value::as_array).into_iter().flatten() {
            owners.is_tracked = true;
            let fields = entry.get("fieldsV1").map(Fields::parse).unwrap_or_default();
            if is_ours(entry) {
                owners.ours = fields;
            } else {
                owners.others.push(Owner {
                    manager: text(entry, "manager").to_owned(),
                    subresource: text(entry, "subresource").to_owned(),
                    time: text(entry, "time").to_owned(),
                    fields,
                });
            }
        }
        owners
    }

    /// The other manager that last wrote a field this stack does not own.
    pub(crate) fn last_writer(&self, path: &FieldPath) -> Option<&str> {
        if self.ours.contains(path) {
            return None;
        }
        self.others
            .iter()
            .filter(|owner| owner.manager != FIELD_MANAGER && owner.fields.contains(path))
            .max_by(|a, b| a.time.cmp(&b.time))
            .map(|owner| owner.manager.as_str())
    }
}

/// Whether an entry of `managedFields` is this program's own server-side apply.
pub(crate) fn is_ours(entry: &Value) -> bool {
    text(entry, "manager") == FIELD_MANAGER
        && text(entry, "operation") == "Apply"
        && text(entry, "subresource").is_empty()
}

fn text<'a>(entry: &'a Value, name: &str) -> &'a str {
    entry.get(name).and_then(Value::as_str).unwrap_or_default()
}
