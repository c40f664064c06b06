//! A block as attributes of a setting.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};
use stackctl_lang::{Block, Value};
use stackctl_model::Spanned;

/// A block as attributes: its properties and children by name, its arguments as `of`.
pub(super) fn attributes(block: &Block) -> BTreeMap<String, Json> {
    let mut all: BTreeMap<String, Json> = BTreeMap::new();
    for child in &block.children {
        all.insert(child.name.value.clone(), child_value(child));
    }
    for (key, value) in &block.props {
        all.insert(key.value.clone(), attribute(&value.value));
    }
    if !block.args.is_empty() {
        let args = block.args.iter().map(|arg| attribute(&arg.value));
        all.insert("of".to_owned(), args.collect());
    }
    all
}

fn child_value(block: &Block) -> Json {
    match block.args.as_slice() {
        [only] if block.props.is_empty() && block.children.is_empty() => attribute(&only.value),
        _ => json!(attributes(block)),
    }
}

/// One value; of a secret only where it comes from.
pub(super) fn attribute(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Bool(truth) => json!(truth),
        Value::Integer(number) => json!(number),
        Value::Float(number) => json!(number),
        Value::Text(text) => json!(text),
        Value::Secret(source) => json!(source.to_string()),
        Value::Knob(name) => json!(format!("(knob){name}")),
    }
}

/// A typed value as it is printed; null when it was not said.
pub(super) fn shown<T: std::fmt::Display>(value: Option<&Spanned<T>>) -> Json {
    value.map_or(Json::Null, |value| json!(value.value.to_string()))
}
