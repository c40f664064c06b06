//! The path of a field in an object, printed the way people write it:
//! `spec.template.spec.containers[jellyfin].image`.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Serialize, Serializer};
use serde_json::Value;

/// One part of a path.
#[derive(Clone, Debug, PartialEq)]
pub enum Segment {
    /// A field of a map.
    Field(String),
    /// An element of a list that has no keys, by its place from 0.
    Index(usize),
    /// An element of a list whose elements are told apart by the values of these fields.
    Item(BTreeMap<String, Value>),
    /// An element of a list that is a set, by its value.
    Member(Value),
}

/// The path of a field from the root of an object.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FieldPath(pub Vec<Segment>);

impl FieldPath {
    /// A path of plain fields, `["spec", "replicas"]`.
    pub fn fields<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        Self(names.into_iter().map(|name| Segment::Field(name.to_owned())).collect())
    }

    /// This path and one more segment.
    #[must_use]
    pub fn child(&self, segment: Segment) -> Self {
        let mut segments = self.0.clone();
        segments.push(segment);
        Self(segments)
    }

    /// This path and one more field.
    #[must_use]
    pub fn field(&self, name: &str) -> Self {
        self.child(Segment::Field(name.to_owned()))
    }
}

fn is_plain(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
}

fn scalar(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

impl fmt::Display for FieldPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, segment) in self.0.iter().enumerate() {
            match segment {
                Segment::Field(name) if is_plain(name) => {
                    write!(f, "{}{name}", if index == 0 { "" } else { "." })?;
                }
                Segment::Field(name) => write!(f, "[{name:?}]")?,
                Segment::Index(place) => write!(f, "[{place}]")?,
                Segment::Item(keys) => {
                    let text: Vec<_> = keys.values().map(scalar).collect();
                    write!(f, "[{}]", text.join("/"))?;
                }
                Segment::Member(value) => write!(f, "[={}]", scalar(value))?,
            }
        }
        Ok(())
    }
}

impl Serialize for FieldPath {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::{FieldPath, Segment};

    #[test]
    fn paths_read_as_people_write_them() {
        let path = FieldPath::fields(["spec", "containers"])
            .child(Segment::Item([("name".to_owned(), "jellyfin".into())].into()))
            .field("image");
        assert_eq!(path.to_string(), "spec.containers[jellyfin].image");
        let label = FieldPath::fields(["metadata", "labels", "app.kubernetes.io/name"]);
        assert_eq!(label.to_string(), "metadata.labels[\"app.kubernetes.io/name\"]");
    }
}
