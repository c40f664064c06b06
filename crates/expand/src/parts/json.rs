//! JSON as parts are put together from: fields that may be left out, and values as Kubernetes spells them.

use serde_json::{Value, json};
use stackctl_lang::Duration;

/// A map with more entries.
pub(super) fn with<'t>(map: &Value, more: impl IntoIterator<Item = (&'t str, &'t str)>) -> Value {
    let mut entries = map.as_object().cloned().unwrap_or_default();
    entries.extend(more.into_iter().map(|(key, value)| (key.to_owned(), json!(value))));
    Value::Object(entries)
}

/// A map of those fields that are neither null nor empty.
pub(super) fn fields<const N: usize>(fields: [(&str, Value); N]) -> Value {
    Value::Object(
        fields
            .into_iter()
            .filter(|(_, value)| !is_nothing(value))
            .map(|(key, value)| (key.to_owned(), value))
            .collect(),
    )
}

pub(super) fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(entries) => entries.is_empty(),
        Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

/// A child of a value; null when it has none.
pub(super) fn at<'a>(value: &'a Value, key: &str) -> &'a Value {
    value.get(key).unwrap_or(&Value::Null)
}

/// Whole seconds of `10s`, `5m`, `2h`, rounded up; null when it is none of these.
pub(super) fn seconds(value: &Value) -> Value {
    let duration = value.as_str().and_then(|text| text.parse::<Duration>().ok());
    duration.map_or(Value::Null, |duration| json!(duration.milliseconds().div_ceil(1000)))
}
