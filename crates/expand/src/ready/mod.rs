//! Ready-made parts for templates: what every workload needs, computed from the knobs of `app` (or of any
//! module that has knobs of the same names). A part that does not apply is null or empty, and a field
//! given such a part is left out.

mod network;
mod pod;
mod storage;

use serde_json::{Map, Value, json};
use stackctl_lang::{Block, Stack};
use stackctl_model::{Finding, Span};

use crate::merge::Merged;

/// What the parts are made from.
pub(crate) struct Parts<'a> {
    /// The stack.
    pub(crate) stack: &'a Stack,
    /// The app's name.
    pub(crate) app: &'a str,
    /// The app's block, for findings.
    pub(crate) span: Span,
    /// Every knob.
    pub(crate) values: &'a Map<String, Value>,
    /// What was said, for findings.
    pub(crate) merged: &'a Merged,
}

impl<'a> Parts<'a> {
    fn value(&self, key: &str) -> &'a Value {
        self.values.get(key).unwrap_or(&Value::Null)
    }

    fn list(&self, key: &str) -> &'a [Value] {
        self.value(key).as_array().map_or(&[], Vec::as_slice)
    }

    /// Where a word with this first argument (any, when empty) was said; else the app's block.
    fn block_span(&self, word: &str, first: &str) -> Span {
        let said = self.merged.get(word).into_iter().flatten().rev();
        let named = |block: &Block| {
            first.is_empty()
                || block.args.first().and_then(|arg| arg.value.as_text()) == Some(first)
        };
        said.map(|said| &said.block)
            .find(|block| named(block))
            .map_or(self.span, |block| block.span)
    }
}

/// Everything templates see: the knobs, the place, and the parts.
pub(crate) fn context(parts: &Parts<'_>, findings: &mut Vec<Finding>) -> Map<String, Value> {
    let mut context = parts.values.clone();
    let stack = parts.stack;
    let selector = json!({
        "app.kubernetes.io/name": parts.app,
        "app.kubernetes.io/instance": stack.name.value,
    });
    let mut add = |key: &str, value: Value| context.insert(key.to_owned(), value);
    add("name", json!(parts.app));
    add("namespace", json!(stack.namespace.value));
    add(
        "stack",
        json!({
            "name": stack.name.value,
            "domain": stack.domain.as_ref().map(|domain| &domain.value),
            "timezone": stack.timezone.value,
        }),
    );
    let labels = with(&selector, [("app.kubernetes.io/managed-by", "stackctl")]);
    add("workload_labels", with(&labels, pod::own_labels(parts)));
    add("labels", labels);
    add("pod_labels", with(&selector, pod::own_labels(parts)));
    add("selector", selector);
    pod::add(parts, &mut add);
    storage::add(parts, findings, &mut add);
    network::add(parts, findings, &mut add);
    context
}

/// A map with more entries.
fn with<'t>(map: &Value, more: impl IntoIterator<Item = (&'t str, &'t str)>) -> Value {
    let mut entries = map.as_object().cloned().unwrap_or_default();
    entries.extend(more.into_iter().map(|(key, value)| (key.to_owned(), json!(value))));
    Value::Object(entries)
}

/// A map of those fields that are neither null nor empty.
fn fields<const N: usize>(fields: [(&str, Value); N]) -> Value {
    Value::Object(
        fields
            .into_iter()
            .filter(|(_, value)| !is_nothing(value))
            .map(|(key, value)| (key.to_owned(), value))
            .collect(),
    )
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(entries) => entries.is_empty(),
        Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

/// A child of a value; null when it has none.
fn at<'a>(value: &'a Value, key: &str) -> &'a Value {
    value.get(key).unwrap_or(&Value::Null)
}

/// Whole seconds of `10s`, `5m`, `2h`, rounded up; null when it is none of these.
fn seconds(value: &Value) -> Value {
    let Some(text) = value.as_str() else { return Value::Null };
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let Ok(number) = number.parse::<u64>() else { return Value::Null };
    match unit {
        "ms" => json!(number.div_ceil(1000)),
        "s" => json!(number),
        "m" => json!(number.saturating_mul(60)),
        "h" => json!(number.saturating_mul(3600)),
        "d" => json!(number.saturating_mul(86_400)),
        _ => Value::Null,
    }
}
