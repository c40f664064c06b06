//! Values of Secrets: out of what is read, into what is written, masked in what is said.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};
use stackctl_engine::{DigestKey, SecretData, TargetError};
use stackctl_model::Object;

/// kubectl keeps a copy of all values here.
const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";

/// Values shorter than this are too common to be replaced in a text; the whole text is hidden.
const SHORT: usize = 4;

/// Takes the values out of a Secret, and kubectl's copy of them; their digests by key.
pub(crate) fn strip(key: &DigestKey, object: &mut Value) -> BTreeMap<String, String> {
    if object["kind"] != "Secret" {
        return BTreeMap::new();
    }
    let annotations = object.pointer_mut("/metadata/annotations");
    if let Some(annotations) = annotations.and_then(Value::as_object_mut) {
        annotations.remove(LAST_APPLIED);
    }
    let data = object.as_object_mut().and_then(|object| object.remove("data"));
    let entries = data.as_ref().and_then(Value::as_object).into_iter().flatten();
    entries
        .map(|(name, value)| {
            let bytes =
                BASE64_STANDARD.decode(value.as_str().unwrap_or_default()).unwrap_or_default();
            (name.clone(), key.digest(&bytes))
        })
        .collect()
}

/// Whether an object needs what is live to be filled: a generated value that is there already stays.
pub(crate) fn needs_live(object: &Object, secrets: &SecretData) -> bool {
    object.secrets.iter().any(|(key, source)| source.is_generated() || !secrets.contains_key(key))
}

/// An object as it is sent.
pub(crate) struct Filled {
    /// With a value in each hole.
    pub(crate) object: Value,
    /// Holes for which there is no value.
    pub(crate) empty: Vec<String>,
}

/// The object with a value in each hole: the one given, or for a generated one that is live, that.
pub(crate) fn filled(object: &Object, secrets: &SecretData, live: Option<&Value>) -> Filled {
    let mut filled = Filled { object: object.value.clone(), empty: Vec::new() };
    for (key, source) in &object.secrets {
        let kept = live.and_then(|live| live["data"].get(key)).cloned();
        let fresh = secrets.get(key).map(|value| json!(BASE64_STANDARD.encode(value.expose())));
        match if source.is_generated() { kept.or(fresh) } else { fresh.or(kept) } {
            Some(value) => filled.object["data"][key] = value,
            None => filled.empty.push(key.clone()),
        }
    }
    filled
}

/// Takes every value of a Secret out of what the server said about it.
pub(crate) fn masked(error: TargetError, sent: &Value) -> TargetError {
    if sent["kind"] != "Secret" {
        return error;
    }
    match error {
        TargetError::Unreachable { message, hint } => {
            TargetError::Unreachable { message: mask(message, sent), hint }
        }
        TargetError::Transient { message, retry_after } => {
            TargetError::Transient { message: mask(message, sent), retry_after }
        }
        TargetError::Conflict { message } => TargetError::Conflict { message: mask(message, sent) },
        TargetError::Moved { message } => TargetError::Moved { message: mask(message, sent) },
        TargetError::Locked { message } => TargetError::Locked { message: mask(message, sent) },
        TargetError::Refused { message, hint } => {
            TargetError::Refused { message: mask(message, sent), hint }
        }
    }
}

fn mask(message: String, sent: &Value) -> String {
    let encoded = sent["data"].as_object().into_iter().flatten().filter_map(|(_, v)| v.as_str());
    let literal =
        sent["stringData"].as_object().into_iter().flatten().filter_map(|(_, v)| v.as_str());
    let mut hidden: Vec<String> = literal.map(str::to_owned).collect();
    for encoded in encoded {
        hidden.push(encoded.to_owned());
        let plain = BASE64_STANDARD.decode(encoded).unwrap_or_default();
        hidden.push(String::from_utf8_lossy(&plain).into_owned());
    }
    hidden.retain(|value| !value.is_empty());
    if hidden.iter().any(|value| value.len() < SHORT && message.contains(value.as_str())) {
        return "the API server's reason is not shown, since it may contain a value".to_owned();
    }
    hidden.iter().fold(message, |message, value| message.replace(value.as_str(), "(secret)"))
}

#[cfg(test)]
mod tests {
    use stackctl_model::{Alphabet, SecretSource, SecretValue};

    use super::*;

    fn secrets() -> SecretData {
        [("token".to_owned(), SecretValue::new(b"canary".to_vec()))].into()
    }

    fn secret(source: SecretSource) -> Object {
        Object {
            secrets: [("token".to_owned(), source)].into(),
            ..Object::plain(json!({"kind": "Secret"}))
        }
    }

    fn masked_text(message: &str, sent: &Value) -> String {
        masked(TargetError::Refused { message: message.to_owned(), hint: None }, sent).to_string()
    }

    #[test]
    fn values_are_masked_plain_and_encoded() {
        let sent = json!({"kind": "Secret", "data": {"token": "Y2FuYXJ5"}});
        let said = masked_text("bad value canary (Y2FuYXJ5)", &sent);
        assert_eq!(said, "bad value (secret) ((secret))");
    }

    #[test]
    fn values_that_were_only_kept_are_masked_too() {
        let source = SecretSource::Generate { alphabet: Alphabet::Hex, length: 4 };
        let live = json!({"data": {"token": BASE64_STANDARD.encode("old-canary")}});
        let sent = filled(&secret(source), &secrets(), Some(&live)).object;
        assert_eq!(masked_text("no old-canary here", &sent), "no (secret) here");
    }

    #[test]
    fn a_short_value_hides_the_whole_message() {
        let sent = json!({"kind": "Secret", "stringData": {"pin": "7"}});
        assert!(!masked_text("field 7 is wrong", &sent).contains('7'));
        assert_eq!(masked_text("a field is wrong", &sent), "a field is wrong");
    }

    #[test]
    fn a_generated_value_stays_and_another_is_written() {
        let generated = secret(SecretSource::Generate { alphabet: Alphabet::Hex, length: 4 });
        let live = json!({"data": {"token": "b2xk"}});
        let kept = filled(&generated, &secrets(), Some(&live)).object;
        assert_eq!(kept["data"]["token"], "b2xk");
        let written =
            filled(&secret(SecretSource::Env("X".into())), &secrets(), Some(&live)).object;
        assert_eq!(written["data"]["token"], "Y2FuYXJ5");
    }

    #[test]
    fn a_hole_without_a_value_is_named() {
        let nothing = SecretData::new();
        let object = secret(SecretSource::Env("X".into()));
        assert_eq!(filled(&object, &nothing, None).empty, ["token"]);
        let live = json!({"data": {"token": "b2xk"}});
        let kept = filled(&object, &nothing, Some(&live));
        assert_eq!((kept.object["data"]["token"].as_str(), kept.empty.len()), (Some("b2xk"), 0));
    }

    #[test]
    fn stripped_objects_hold_no_value() {
        let mut object = json!({
            "kind": "Secret",
            "metadata": {"annotations": {LAST_APPLIED: "{\"data\":{\"token\":\"Y2FuYXJ5\"}}"}},
            "data": {"token": "Y2FuYXJ5"},
        });
        let key = DigestKey::of_this_run();
        let digests = strip(&key, &mut object);
        assert_eq!(digests["token"], key.digest(b"canary"));
        assert!(!object.to_string().contains("Y2FuYXJ5"), "{object}");
    }
}
