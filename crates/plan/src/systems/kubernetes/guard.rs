//! Whether what is live is still what was planned for: what a write is held against.

use serde_json::Value;
use stackctl_model::{Change, Seen};

use super::compare::open_changes;
use super::difference::LiveObject;
use super::owned::Owners;
use super::yields::yielded;

/// What a plan for this object is made from: changes without those of secret values, which their digests
/// stand for.
pub(crate) fn seen(found: LiveObject<'_>, changes: &[Change]) -> Seen {
    let text = |name: &str| found.value["metadata"][name].as_str().map(str::to_owned);
    Seen {
        uid: text("uid"),
        resource_version: text("resourceVersion"),
        changes: changes.to_vec(),
        digests: found.digests.clone(),
    }
}

/// Whether a field of ours, or one we are to write, is no longer as it was. Status and other people's
/// fields may have moved. The values of a Secret are not looked at: they are the caller's.
pub fn has_moved(seen: &Seen, desired: &Value, found: &Value) -> bool {
    if seen.uid.is_some() && seen.uid.as_deref() != found["metadata"]["uid"].as_str() {
        return true;
    }
    let owners = Owners::for_plan(found, desired);
    let now = open_changes(found, &yielded(desired, &owners), &owners);
    now.len() != seen.changes.len()
        || now.iter().zip(&seen.changes).any(|(now, then)| {
            (&now.path, &now.before, &now.after) != (&then.path, &then.before, &then.after)
        })
}

/// Whether nothing is left to write. The values of a Secret are not looked at.
pub fn is_as_desired(desired: &Value, found: &Value) -> bool {
    let owners = Owners::for_plan(found, desired);
    open_changes(found, &yielded(desired, &owners), &owners).is_empty()
}
