//! Merge patches written in KDL: blocks to JSON, and RFC 7386 over an object.
//!
//! A word with arguments is a value (several: a list), one with properties or children a map, one with
//! nothing an empty map; children named `-` make a list; `#null` takes a field away.

use serde_json::{Map, Value as Json};
use stackctl_lang::{Block, Value};
use stackctl_model::Finding;

/// What the children of a block say, as a map. Secrets in it are findings.
pub(crate) fn children_to_json(block: &Block, findings: &mut Vec<Finding>) -> Json {
    let mut map = Map::new();
    for child in &block.children {
        map.insert(child.name.value.clone(), block_to_json(child, findings));
    }
    Json::Object(map)
}

/// What a block says.
pub(crate) fn block_to_json(block: &Block, findings: &mut Vec<Finding>) -> Json {
    let is_list = block.children.iter().any(|child| child.name.value == "-");
    if is_list {
        return block.children.iter().map(|child| block_to_json(child, findings)).collect();
    }
    if block.props.is_empty() && block.children.is_empty() {
        let mut values = block.args.iter().map(|arg| value_to_json(&arg.value, block, findings));
        return match block.args.len() {
            0 => Json::Object(Map::new()),
            1 => values.next().unwrap_or(Json::Null),
            _ => values.collect(),
        };
    }
    let mut map = Map::new();
    for (key, value) in &block.props {
        map.insert(key.value.clone(), value_to_json(&value.value, block, findings));
    }
    if let Json::Object(children) = children_to_json(block, findings) {
        map.extend(children);
    }
    Json::Object(map)
}

fn value_to_json(value: &Value, block: &Block, findings: &mut Vec<Finding>) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Bool(truth) => Json::Bool(*truth),
        Value::Integer(number) => Json::from(*number),
        Value::Float(number) => Json::from(*number),
        Value::Text(text) => Json::String(text.clone()),
        Value::Secret(_) => {
            findings.push(
                Finding::error("secret-in-patch", "a secret cannot stand in a patch", block.span)
                    .help("Put it in a `secret` block and name that, or use `env`."),
            );
            Json::Null
        }
        Value::Knob(name) => Json::String(name.clone()),
    }
}

/// Applies a merge patch: maps merge, null removes, anything else replaces.
pub(crate) fn merge_patch(target: &mut Json, patch: &Json) {
    let Json::Object(changes) = patch else {
        *target = patch.clone();
        return;
    };
    if !target.is_object() {
        *target = Json::Object(Map::new());
    }
    let Json::Object(fields) = target else { return };
    for (key, change) in changes {
        if change.is_null() {
            fields.remove(key);
        } else {
            merge_patch(fields.entry(key.clone()).or_insert(Json::Null), change);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::merge_patch;

    #[test]
    fn the_cases_of_the_rfc_hold() {
        for (mut target, patch, expected) in [
            (json!({"a": "b"}), json!({"a": "c"}), json!({"a": "c"})),
            (json!({"a": "b", "b": "c"}), json!({"a": null}), json!({"b": "c"})),
            (json!({"a": ["b"]}), json!({"a": "c"}), json!({"a": "c"})),
            (
                json!({"a": {"b": "c"}}),
                json!({"a": {"b": "d", "c": null}}),
                json!({"a": {"b": "d"}}),
            ),
            (json!({"a": "foo"}), json!("bar"), json!("bar")),
            (json!({}), json!({"a": {"bb": {"ccc": null}}}), json!({"a": {"bb": {}}})),
            (json!([1, 2]), json!({"a": "b", "c": null}), json!({"a": "b"})),
        ] {
            merge_patch(&mut target, &patch);
            assert_eq!(target, expected);
        }
    }
}
