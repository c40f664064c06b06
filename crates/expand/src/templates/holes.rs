//! Holes: how a value reaches an object without ever being YAML text.
//!
//! `{{ x }}` in a template writes a numbered mark and puts the value itself into a table; the text with
//! its marks is read as YAML, then each mark is replaced by its value. So a value, whatever it contains,
//! can neither break nor inject anything, maps and lists keep their structure, and the YAML of a template
//! is read once for all apps that take the same branches. A mark that stands alone stands for the value
//! as it is; beside other text, or in quotes, for its text.

use serde_json::{Map, Value};

const OPEN: char = '\u{E000}';
const CLOSE: char = '\u{E001}';
const ESCAPE: char = '\u{E002}';

/// Whether a text holds one of the characters that marks are made of.
pub(crate) fn has_mark(text: &str) -> bool {
    // All three start with the byte EE, which is rare.
    text.as_bytes().contains(&0xEE) && text.contains([OPEN, CLOSE, ESCAPE])
}

/// The text that stands for a value of the table.
pub(crate) fn mark(index: usize) -> String {
    format!("{OPEN}{index}{CLOSE}")
}

/// A text for people: each mark as `…`.
pub(crate) fn without_marks(text: &str) -> String {
    let mut shown = String::new();
    let mut inside = false;
    for letter in text.chars() {
        match letter {
            OPEN => {
                inside = true;
                shown.push('…');
            }
            CLOSE => inside = false,
            other if !inside => shown.push(other),
            _ => {}
        }
    }
    shown
}

/// A value in which no text can be taken for a mark.
pub(crate) fn guard(value: &Value) -> Value {
    map_texts(value, &|text| {
        let mut guarded = String::with_capacity(text.len());
        for letter in text.chars() {
            match letter {
                OPEN => guarded.extend([ESCAPE, 'a']),
                CLOSE => guarded.extend([ESCAPE, 'b']),
                ESCAPE => guarded.extend([ESCAPE, 'c']),
                other => guarded.push(other),
            }
        }
        guarded
    })
}

fn unguard(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        if letter == ESCAPE {
            plain.extend(letters.next().map(|code| match code {
                'a' => OPEN,
                'b' => CLOSE,
                'c' => ESCAPE,
                other => other,
            }));
        } else {
            plain.push(letter);
        }
    }
    plain
}

fn map_texts(value: &Value, change: &dyn Fn(&str) -> String) -> Value {
    let text = |text: &str| if has_mark(text) { change(text) } else { text.to_owned() };
    match value {
        Value::String(string) => Value::String(text(string)),
        Value::Array(items) => items.iter().map(|item| map_texts(item, change)).collect(),
        Value::Object(entries) => {
            entries.iter().map(|(key, item)| (text(key), map_texts(item, change))).collect()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
    }
}

/// Why a skeleton cannot be filled; a sentence without a full stop.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct FillError(pub(crate) String);

/// Puts the table's values in place of their marks. A field whose value is null is left out, and so is
/// one whose value from the table is an empty map or list.
pub(crate) fn fill(skeleton: &Value, table: &[Value]) -> Result<Value, FillError> {
    match skeleton {
        Value::String(text) => fill_text(text, table),
        Value::Array(items) => {
            let mut filled = Vec::with_capacity(items.len());
            for item in items {
                let value = fill(item, table)?;
                if !is_left_out(item, &value) {
                    filled.push(value);
                }
            }
            Ok(Value::Array(filled))
        }
        Value::Object(entries) => {
            let mut filled = Map::new();
            for (key, item) in entries {
                let value = fill(item, table)?;
                if !is_left_out(item, &value) {
                    filled.insert(fill_key(key, table)?, value);
                }
            }
            Ok(Value::Object(filled))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => Ok(skeleton.clone()),
    }
}

fn is_left_out(skeleton: &Value, value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty() && skeleton.is_string(),
        Value::Object(entries) => entries.is_empty() && skeleton.is_string(),
        Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

fn fill_key(key: &str, table: &[Value]) -> Result<String, FillError> {
    if !has_mark(key) {
        return Ok(key.to_owned());
    }
    scalar_text(&fill_text(key, table)?)
}

fn fill_text(text: &str, table: &[Value]) -> Result<Value, FillError> {
    if !has_mark(text) {
        return Ok(Value::String(text.to_owned()));
    }
    let pieces = pieces(text)?;
    if let [Piece::Hole(index)] = pieces.as_slice() {
        return resolve(*index, table);
    }
    let mut joined = String::new();
    for piece in pieces {
        match piece {
            Piece::Text(text) => joined.push_str(&unguard(text)),
            Piece::Hole(index) => joined.push_str(&scalar_text(&resolve(index, table)?)?),
        }
    }
    Ok(Value::String(joined))
}

/// A value of the table. A text in it may hold marks of earlier values (`{% set %}` blocks).
fn resolve(index: usize, table: &[Value]) -> Result<Value, FillError> {
    let value = table.get(index).ok_or_else(broken)?;
    fill(value, table.get(..index).unwrap_or_default())
}

fn scalar_text(value: &Value) -> Result<String, FillError> {
    match value {
        Value::Null => Ok(String::new()),
        Value::Bool(truth) => Ok(truth.to_string()),
        Value::Number(number) => Ok(number.to_string()),
        Value::String(text) => Ok(text.clone()),
        Value::Array(_) => Err(FillError("a list cannot stand inside a text".to_owned())),
        Value::Object(_) => Err(FillError("a map cannot stand inside a text".to_owned())),
    }
}

enum Piece<'a> {
    Text(&'a str),
    Hole(usize),
}

fn pieces(text: &str) -> Result<Vec<Piece<'_>>, FillError> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(OPEN) {
        if !before.is_empty() {
            pieces.push(Piece::Text(before));
        }
        let (digits, behind) = after.split_once(CLOSE).ok_or_else(broken)?;
        pieces.push(Piece::Hole(digits.parse().map_err(|_| broken())?));
        rest = behind;
    }
    if rest.contains(CLOSE) {
        return Err(broken());
    }
    if !rest.is_empty() {
        pieces.push(Piece::Text(rest));
    }
    Ok(pieces)
}

fn broken() -> FillError {
    FillError(
        "a filter cut a value that was already written; join texts with `~` and filter before writing"
            .to_owned(),
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{fill, guard, mark, without_marks};

    #[test]
    fn a_mark_alone_is_the_value_and_beside_text_it_is_text() {
        let table = [json!(8096), json!("tv"), json!({"a": 1})];
        let skeleton = json!({
            "port": mark(0), "name": format!("{}-{}", mark(1), mark(0)), "labels": mark(2), mark(1): 1,
        });
        assert_eq!(
            fill(&skeleton, &table).unwrap(),
            json!({"port": 8096, "name": "tv-8096", "labels": {"a": 1}, "tv": 1})
        );
    }

    #[test]
    fn null_and_empty_values_leave_their_field_out_and_written_ones_stay() {
        let table = [json!(null), json!({}), json!([])];
        let skeleton = json!({
            "a": mark(0), "b": mark(1), "c": mark(2), "emptyDir": {}, "d": [mark(0), 1],
        });
        assert_eq!(fill(&skeleton, &table).unwrap(), json!({"emptyDir": {}, "d": [1]}));
    }

    #[test]
    fn a_map_inside_a_text_is_an_error() {
        let error = fill(&json!(format!("pre-{}", mark(0))), &[json!({"a": 1})]).unwrap_err();
        assert_eq!(error.0, "a map cannot stand inside a text");
    }

    #[test]
    fn a_value_that_looks_like_a_mark_is_only_text() {
        let hostile = json!({mark(1): [mark(1), "\u{E002}a"]});
        let table = [guard(&hostile), json!("stolen")];
        assert_eq!(fill(&json!(mark(0)), &table).unwrap(), hostile);
    }

    #[test]
    fn a_captured_text_fills_from_earlier_values() {
        let table = [json!("a"), json!(format!("{}-b", mark(0)))];
        assert_eq!(fill(&json!(mark(1)), &table).unwrap(), json!("a-b"));
        let itself = [json!(mark(0))];
        assert!(fill(&json!(mark(0)), &itself).is_err(), "a mark cannot stand for itself");
    }

    #[test]
    fn people_see_no_marks() {
        assert_eq!(without_marks(&format!("a: {}", mark(12))), "a: …");
    }
}
