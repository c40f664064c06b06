//! A set of fields as `managedFields` writes it (`fieldsV1`): `f:name` for a field, `k:{…}` for an element
//! of a keyed list, `v:…` for a member of a set, `i:3` for a place, `.` for the thing itself.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use stackctl_model::{FieldPath, Segment};

/// A set of fields, as a tree.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Fields {
    /// Whether the thing itself is in the set, written as `.`; always so for a leaf.
    pub(crate) itself: bool,
    pub(crate) children: BTreeMap<String, Fields>,
    pub(crate) items: Vec<(Map<String, Value>, Fields)>,
    pub(crate) members: Vec<Value>,
}

impl Fields {
    /// A single leaf.
    pub(crate) fn leaf() -> Self {
        Self { itself: true, ..Self::default() }
    }

    /// Reads `fieldsV1`; what cannot be read is left out.
    pub(crate) fn parse(value: &Value) -> Self {
        let mut fields = Self::default();
        for (key, below) in value.as_object().into_iter().flatten() {
            match key.split_at_checked(2) {
                Some(("f:", name)) => {
                    fields.children.insert(name.to_owned(), Self::parse(below));
                }
                Some(("k:", keys)) => {
                    if let Ok(Value::Object(keys)) = serde_json::from_str(keys) {
                        fields.items.push((keys, Self::parse(below)));
                    }
                }
                Some(("v:", member)) => fields.members.extend(serde_json::from_str(member).ok()),
                Some(_) | None => fields.itself |= key == ".",
            }
        }
        fields.itself |= fields.is_leaf();
        fields
    }

    /// Writes `fieldsV1`.
    pub(crate) fn to_value(&self) -> Value {
        let mut map = Map::new();
        if self.itself && !self.is_leaf() {
            map.insert(".".to_owned(), Value::Object(Map::new()));
        }
        for (name, below) in &self.children {
            map.insert(format!("f:{name}"), below.to_value());
        }
        for (keys, below) in &self.items {
            map.insert(format!("k:{}", Value::Object(keys.clone())), below.to_value());
        }
        for member in &self.members {
            map.insert(format!("v:{member}"), Value::Object(Map::new()));
        }
        Value::Object(map)
    }

    /// Whether nothing lies below.
    pub(crate) fn is_leaf(&self) -> bool {
        self.children.is_empty() && self.items.is_empty() && self.members.is_empty()
    }

    /// Adds what another set has. A leaf stands for all below it.
    pub(crate) fn join(&mut self, other: Self) {
        if self.itself && self.is_leaf() {
            return;
        }
        if other.is_leaf() && other.itself {
            *self = Self::leaf();
            return;
        }
        self.itself |= other.itself;
        for (name, below) in other.children {
            match self.children.get_mut(&name) {
                Some(own) => own.join(below),
                None => {
                    self.children.insert(name, below);
                }
            }
        }
        for (keys, below) in other.items {
            match self.items.iter_mut().find(|(own, _)| *own == keys) {
                Some((_, own)) => own.join(below),
                None => self.items.push((keys, below)),
            }
        }
        for member in other.members {
            if !self.members.contains(&member) {
                self.members.push(member);
            }
        }
    }

    /// The element of a keyed list with these keys.
    pub(crate) fn item(&self, keys: &BTreeMap<String, Value>) -> Option<&Self> {
        self.items
            .iter()
            .find(|(own, _)| own.iter().all(|(name, value)| keys.get(name) == Some(value)))
            .map(|(_, below)| below)
    }

    /// Whether a path is in the set, or lies in a leaf of it, or has something of it below.
    pub(crate) fn contains(&self, path: &FieldPath) -> bool {
        let mut here = self;
        for segment in &path.0 {
            if here.is_leaf() {
                return here.itself;
            }
            let below = match segment {
                Segment::Field(name) => here.children.get(name),
                Segment::Item(keys) => here.item(keys),
                Segment::Member(value) => return here.members.contains(value),
                Segment::Index(_) => None,
            };
            match below {
                Some(below) => here = below,
                None => return false,
            }
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_the_server_writes_is_read_and_written_back() {
        let text = json!({
            "f:metadata": {"f:labels": {"f:app": {}}},
            "f:spec": {
                "f:selector": {},
                "f:template": {"f:spec": {"f:containers": {
                    "k:{\"name\":\"jellyfin\"}": {".": {}, "f:name": {}, "f:ports": {
                        "k:{\"containerPort\":8096,\"protocol\":\"TCP\"}": {".": {}, "f:containerPort": {}}
                    }}
                }}},
                "f:finalizers": {"v:\"a\"": {}}
            }
        });
        let fields = Fields::parse(&text);
        assert_eq!(fields.to_value(), text);
        let container = FieldPath::fields(["spec", "template", "spec", "containers"])
            .child(Segment::Item([("name".to_owned(), json!("jellyfin"))].into()));
        assert!(fields.contains(&container.field("name")));
        assert!(!fields.contains(&container.field("image")));
        assert!(fields.contains(&FieldPath::fields(["spec", "selector", "matchLabels", "app"])));
    }
}
