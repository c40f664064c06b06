//! Under construction.

use serde_json::{Map, Value};

use super::Schema;

/// Server-side apply by the field manager `stackctl`, as the sandbox does it.
pub fn merge(live: Option<&Value>, desired: &Value, schema: &Schema) -> Value {
    let _ = schema;
    let mut result = live.cloned().unwrap_or(Value::Null);
    merge_patch(&mut result, desired);
    result
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
