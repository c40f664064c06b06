//! Who owns which field of a live object, from `metadata.managedFields`.

use serde_json::Value;
use stackctl_model::FieldPath;

use super::fields::Fields;
use crate::{FIELD_MANAGER, mark_of};

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
    pub(crate) time: String,
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

    /// The owners as a plan for the object sees them: `desired` carries the stack's mark.
    pub(crate) fn for_plan(live: &Value, desired: &Value) -> Self {
        if mark_of(live).is_some() && mark_of(live) == mark_of(desired) {
            Self::of(live)
        } else {
            Self::adopting(live)
        }
    }

    /// The same for an object of nobody's: what kubectl's client-side apply wrote counts as ours, so that
    /// a field that only it has written is not stuck there for ever.
    fn adopting(live: &Value) -> Self {
        let mut owners = Self::of(live);
        let (left_over, others): (Vec<Owner>, Vec<Owner>) =
            owners.others.into_iter().partition(|owner| is_left_over(&owner.manager));
        owners.others = others;
        for owner in left_over {
            owners.ours.join(owner.fields);
        }
        owners
    }

    /// The other manager that last wrote a field this stack does not own.
    pub(crate) fn last_writer(&self, path: &FieldPath) -> Option<&Owner> {
        if self.ours.contains(path) {
            return None;
        }
        self.others
            .iter()
            .filter(|owner| owner.manager != FIELD_MANAGER && owner.fields.contains(path))
            .max_by(|a, b| a.time.cmp(&b.time))
    }
}

/// Whether a manager is kubectl's client-side apply.
fn is_left_over(manager: &str) -> bool {
    manager == "kubectl-client-side-apply"
}

/// The entries of `managedFields` with what client-side apply wrote as our own; none where it wrote nothing.
pub(crate) fn taken_over(live: &Value) -> Option<Value> {
    let entries = live["metadata"]["managedFields"].as_array()?;
    let is_theirs = |entry: &Value| is_left_over(text(entry, "manager"));
    if !entries.iter().any(is_theirs) {
        return None;
    }
    let mut ours = Fields::default();
    for entry in entries.iter().filter(|entry| is_theirs(entry) || is_ours(entry)) {
        ours.join(entry.get("fieldsV1").map(Fields::parse).unwrap_or_default());
    }
    let mut kept: Vec<Value> =
        entries.iter().filter(|entry| !is_theirs(entry) && !is_ours(entry)).cloned().collect();
    let mut entry = entries.iter().find(|entry| is_theirs(entry))?.clone();
    entry["manager"] = FIELD_MANAGER.into();
    entry["operation"] = "Apply".into();
    entry["fieldsV1"] = ours.to_value();
    kept.push(entry);
    Some(kept.into())
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
