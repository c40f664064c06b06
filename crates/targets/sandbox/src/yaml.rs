//! One object as YAML, and back, as Kubernetes reads it.

use serde_json::Value;

/// The object as a person likes to read it.
pub(crate) fn text(object: &Value) -> String {
    let mut text = serde_saphyr::to_string(object)
        .expect("a JSON value has only string keys and finite numbers");
    if !text.ends_with('\n') {
        text.push('\n');
    }
    text
}

/// The object in a text; an error says what is wrong and where.
pub(crate) fn object(text: &str) -> Result<Value, String> {
    let options = serde_saphyr::options! {
        legacy_octal_numbers: true,
        with_snippet: false,
    };
    serde_saphyr::from_str_with_options(text, options).map_err(|error| {
        let whole = error.without_snippet().to_string();
        let message = whole.lines().next().unwrap_or_default();
        let message = message.split(" at line ").next().unwrap_or(message);
        match error.location() {
            Some(place) => format!("line {}, column {}: {message}", place.line(), place.column()),
            None => message.to_owned(),
        }
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    /// Values as objects hold them, with all that YAML could take for something else.
    fn value() -> impl Strategy<Value = Value> {
        let words = prop::sample::select(vec![
            "yes", "on", "~", "null", "1_000", "0x1F", "0644", "1e3", ".5", "- a", "a: b", "#",
            "'", "\"", "{{ x }}", " x ", "|", ">", "a\n\nb\n", "\t", "\u{85}", "\u{2028}",
            "\u{feff}", "",
        ]);
        let text = prop_oneof![words.prop_map(str::to_owned), any::<String>()];
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            (-1e9..1e9_f64).prop_map(Value::from),
            text.clone().prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 24, 4, move |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::btree_map(text.clone(), inner, 0..4)
                    .prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back_as_it_was(value in value()) {
            let written = text(&json!({"data": value}));
            prop_assert_eq!(object(&written), Ok(json!({"data": value})), "{}", written);
        }
    }

    #[test]
    fn a_mistake_has_a_place() {
        let error = object("a: 1\nb: 2\na: 3\n").unwrap_err();
        assert!(error.starts_with("line 3, column 1: "), "{error}");
    }
}
