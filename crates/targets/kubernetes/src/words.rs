//! The server's refusals in plain words: field by field, without wrapping and Go's spelling of values.

use kube::core::Status;

/// How many fields a refusal names before it only counts.
const FIELDS: usize = 5;

/// What a server-side apply begins its answer with when an object does not fit its schema. The code is
/// 500 all the same.
const FINDINGS: &[&str] =
    &["failed to create typed ", "failed to convert new object ", "unable to convert unstructured"];

/// Whether a 500 is about the object that was sent, so that sending it again would not help.
pub(crate) fn is_finding(message: &str) -> bool {
    FINDINGS.iter().any(|start| message.starts_with(start))
}

/// The server's reason.
pub(crate) fn words(status: &Status) -> String {
    let causes = status.details.iter().flat_map(|details| &details.causes);
    let fields: Vec<String> = causes
        .filter(|cause| !cause.message.is_empty())
        .map(|cause| match cause.field.trim_start_matches('.') {
            "" | "<nil>" => plain(&cause.message),
            field => format!("{field}: {}", plain(&cause.message)),
        })
        .collect();
    if !fields.is_empty() {
        return listed(fields);
    }
    let message = status.message.trim();
    if message.is_empty() {
        return format!("it answered {}", status.code);
    }
    if is_finding(message) {
        return finding(message);
    }
    plain(message.strip_prefix("Internal error occurred: ").unwrap_or(message))
}

/// `failed to create typed patch object (NAME; VERSION, Kind=KIND): .spec.x: reason`, or
/// `…: errors:\n  .spec.x: reason\n  .spec.y: reason`.
fn finding(message: &str) -> String {
    let inner = message.split_once("): ").map_or(message, |(_, inner)| inner);
    let inner =
        inner.rsplit_once("error decoding from json: ").map_or(inner, |(_, decoding)| decoding);
    let lines = inner.strip_prefix("errors:").unwrap_or(inner).lines();
    let fields = lines
        .map(|line| plain(line.trim().trim_start_matches('.')))
        .filter(|line| !line.is_empty());
    listed(fields.collect())
}

fn listed(mut fields: Vec<String>) -> String {
    fields.dedup();
    let more = fields.len().saturating_sub(FIELDS);
    fields.truncate(FIELDS);
    if more > 0 {
        fields.push(format!("and {more} more"));
    }
    fields.join("; ")
}

/// Go prints some values as `&value.valueUnstructured{Value:5}`.
fn plain(text: &str) -> String {
    const GO: &str = "&value.valueUnstructured{Value:";
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(GO) {
        plain.push_str(before);
        let (value, behind) = after.split_once('}').unwrap_or((after, ""));
        plain.push_str(value);
        rest = behind;
    }
    plain.push_str(rest);
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(body: &str) -> String {
        words(&serde_json::from_str(body).unwrap())
    }

    #[test]
    fn an_unknown_field_is_named_alone() {
        let body = r#"{"message": "failed to create typed patch object (/x; apps/v1, Kind=Deployment): .spec.bogus: field not declared in schema", "code": 500}"#;
        assert_eq!(said(body), "spec.bogus: field not declared in schema");
    }

    #[test]
    fn a_doubled_list_key_is_named_with_its_list() {
        let body = r#"{"message": "failed to create typed patch object (/x; apps/v1, Kind=Deployment): .spec.template.spec.containers[name=\"a\"].ports: duplicate entries for key [containerPort=80,protocol=\"TCP\"]", "code": 500}"#;
        assert_eq!(
            said(body),
            "spec.template.spec.containers[name=\"a\"].ports: duplicate entries for key \
             [containerPort=80,protocol=\"TCP\"]"
        );
    }

    #[test]
    fn a_wrong_type_shows_the_value_as_it_was_written() {
        let body = r#"{"message": "failed to create typed patch object (/x; /v1, Kind=ConfigMap): .data.a: expected string, got &value.valueUnstructured{Value:5}", "code": 500}"#;
        assert_eq!(said(body), "data.a: expected string, got 5");
    }

    #[test]
    fn several_mistakes_are_one_sentence() {
        let body = r#"{"message": "failed to create typed patch object (/x; apps/v1, Kind=Deployment): errors:\n  .spec.bogus: field not declared in schema\n  .spec.other: field not declared in schema", "code": 500}"#;
        assert_eq!(
            said(body),
            "spec.bogus: field not declared in schema; spec.other: field not declared in schema"
        );
    }

    #[test]
    fn a_value_that_cannot_be_decoded_loses_its_wrapping() {
        let body = r#"{"message": "failed to convert new object (/x; /v1, Kind=Secret) to proper version: unable to convert unstructured object to /v1, Kind=Secret: error decoding from json: illegal base64 data at input byte 0", "code": 500}"#;
        assert_eq!(said(body), "illegal base64 data at input byte 0");
    }

    #[test]
    fn invalid_fields_are_listed() {
        let body = r#"{"message": "Deployment.apps \"x\" is invalid: …", "reason": "Invalid", "code": 422,
            "details": {"name": "x", "group": "apps", "kind": "Deployment", "causes": [
                {"reason": "FieldValueInvalid", "message": "Invalid value: {\"a\":\"c\"}: `selector` does not match template `labels`", "field": "spec.template.metadata.labels"},
                {"reason": "FieldValueRequired", "message": "Required value", "field": "spec.template.spec.containers[0].image"}]}}"#;
        assert_eq!(
            said(body),
            "spec.template.metadata.labels: Invalid value: {\"a\":\"c\"}: `selector` does not match \
             template `labels`; spec.template.spec.containers[0].image: Required value"
        );
    }

    #[test]
    fn many_fields_are_counted() {
        let fields = (0..9).map(|number| format!("spec.f{number}: Required value")).collect();
        assert!(listed(fields).ends_with("spec.f4: Required value; and 4 more"));
    }

    #[test]
    fn a_silent_refusal_says_its_code() {
        assert_eq!(said(r#"{"code": 418}"#), "it answered 418");
    }
}
