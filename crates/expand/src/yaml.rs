//! YAML to JSON values and back, as Kubernetes reads it.

use std::fmt;

use serde_json::Value;

/// Why a text is no YAML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct YamlError {
    /// What is wrong, in words.
    pub message: String,
    /// Line from 1; 0 when it has no place.
    pub line: usize,
    /// Column from 1; 0 when it has no place.
    pub column: usize,
}

impl fmt::Display for YamlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.line == 0 {
            f.write_str(&self.message)
        } else {
            write!(f, "line {}, column {}: {}", self.line, self.column, self.message)
        }
    }
}

impl std::error::Error for YamlError {}

/// Reads all documents of a text; empty ones are dropped. A number such as `0644` is octal, as
/// `defaultMode` means it, and a key twice in one map is an error.
pub fn yaml_to_objects(text: &str) -> Result<Vec<Value>, YamlError> {
    let options = serde_saphyr::options! {
        legacy_octal_numbers: true,
        with_snippet: false,
    };
    serde_saphyr::from_multiple_with_options::<Value>(text, options).map_err(|error| {
        let (line, column) = error.location().map_or((0, 0), |place| {
            (
                usize::try_from(place.line()).unwrap_or(0),
                usize::try_from(place.column()).unwrap_or(0),
            )
        });
        let whole = error.without_snippet().to_string();
        let message = whole.lines().next().unwrap_or_default();
        let message = message.split(" at line ").next().unwrap_or(message);
        YamlError { message: message.to_owned(), line, column }
    })
}

/// Writes values as YAML documents that every reader takes for the same.
#[expect(clippy::missing_panics_doc, reason = "a JSON value can always be written")]
pub fn objects_to_yaml<'a>(objects: impl IntoIterator<Item = &'a Value>) -> String {
    let mut text = String::new();
    for object in objects {
        if !text.is_empty() {
            text.push_str("---\n");
        }
        let document = serde_saphyr::to_string(object)
            .expect("a JSON value has only string keys and finite numbers");
        text.push_str(&document);
        if !text.ends_with('\n') {
            text.push('\n');
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{objects_to_yaml, yaml_to_objects};

    #[test]
    fn modes_are_octal_and_a_doubled_key_is_an_error() {
        assert_eq!(yaml_to_objects("mode: 0444\n").unwrap(), [json!({"mode": 292})]);
        let error = yaml_to_objects("a: 1\nb: 2\na: 3\n").unwrap_err();
        assert_eq!(error.line, 3, "{error}");
    }

    #[test]
    fn empty_documents_are_dropped() {
        assert_eq!(
            yaml_to_objects("---\n# nothing\n---\na: {}\n---\n").unwrap(),
            [json!({"a": {}})]
        );
    }

    #[test]
    fn what_is_written_reads_back_as_it_was() {
        let value = json!({
            "on": "yes", "text": "a: b\n- c", "zero": "0644", "empty": {}, "none": [], "n": 1.5,
            "list": [{"a": null}, "~", "", " x ", "1_000", "0x1F"],
        });
        let text = objects_to_yaml([&value, &value]);
        assert_eq!(yaml_to_objects(&text).unwrap(), [value.clone(), value], "{text}");
    }
}
