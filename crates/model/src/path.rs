//! The path of a field in an object, printed the way people write it:
//! `spec.template.spec.containers[jellyfin].image`.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
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
        if let [Segment::Field(file)] = self.0.as_slice()
            && file.starts_with('/')
        {
            return f.write_str(file);
        }
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

impl<'de> Deserialize<'de> for FieldPath {
    /// Reads what was printed: enough to print it again, not to find the field.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(printed(&String::deserialize(deserializer)?))
    }
}

fn printed(text: &str) -> FieldPath {
    if text.starts_with('/') {
        return FieldPath::fields([text]);
    }
    let mut segments = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let quoted = rest.strip_prefix('[').and_then(|inner| {
            let mut names = serde_json::Deserializer::from_str(inner).into_iter::<String>();
            let name = names.next()?.ok()?;
            Some((name, inner.get(names.byte_offset()..)?.strip_prefix(']')?))
        });
        if let Some((name, behind)) = quoted {
            segments.push(Segment::Field(name));
            rest = behind;
        } else if let Some((item, behind)) =
            rest.strip_prefix('[').and_then(|inner| inner.split_once(']'))
        {
            segments.push(match item.strip_prefix('=') {
                Some(member) => Segment::Member(member.into()),
                None => Segment::Item([(String::new(), item.into())].into()),
            });
            rest = behind;
        } else {
            let name = rest.strip_prefix('.').unwrap_or(rest);
            let end = name.find(['.', '[']).unwrap_or(name.len());
            let (name, behind) = name.split_at(end.max(1).min(name.len()));
            segments.push(Segment::Field(name.to_owned()));
            rest = behind;
        }
    }
    FieldPath(segments)
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

    #[test]
    fn what_is_printed_is_read_back() {
        for text in [
            "spec.containers[jellyfin].image",
            "metadata.labels[\"app.kubernetes.io/name\"]",
            "spec.ports[80/TCP].name",
            "metadata.finalizers[=a.io/b]",
            "spec.rules[0][\"a]b\"].c",
            "/etc/sysctl.d/90-stackctl-home.conf",
        ] {
            let path: FieldPath = serde_json::from_value(text.into()).unwrap();
            assert_eq!(path.to_string(), text);
        }
    }
}
