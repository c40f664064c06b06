//! A change of one field.

use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use crate::FieldPath;

/// One field, live and desired.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// Where in the object.
    pub path: FieldPath,
    /// What is live.
    pub before: ChangeValue,
    /// What is desired.
    pub after: ChangeValue,
    /// Who last wrote the live value, when it was not this stack.
    #[serde(rename = "lastWriter", default, skip_serializing_if = "Option::is_none")]
    pub last_writer: Option<String>,
    /// When that was, RFC 3339.
    #[serde(rename = "lastWritten", default, skip_serializing_if = "Option::is_none")]
    pub last_written: Option<String>,
}

/// A value in a change.
#[derive(Clone, Debug, PartialEq)]
pub enum ChangeValue {
    /// The field is not there; JSON `null`.
    Absent,
    /// What it is.
    Value(Value),
    /// A secret: equal numbers are equal values, and nothing else is told. JSON `{"secret": 1}`.
    Secret(u32),
}

impl Serialize for ChangeValue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Absent => serializer.serialize_none(),
            Self::Value(value) => value.serialize(serializer),
            Self::Secret(number) => {
                let mut map = serializer.serialize_map(Some(1))?;
                map.serialize_entry("secret", number)?;
                map.end()
            }
        }
    }
}

impl<'de> Deserialize<'de> for ChangeValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        let number = value.as_object().filter(|map| map.len() == 1).and_then(|map| {
            map.get("secret")?.as_u64().and_then(|number| u32::try_from(number).ok())
        });
        Ok(match (number, value) {
            (Some(number), _) => Self::Secret(number),
            (None, Value::Null) => Self::Absent,
            (None, value) => Self::Value(value),
        })
    }
}
