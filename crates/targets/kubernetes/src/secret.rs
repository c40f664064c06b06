//! Values of Secrets: out of what is read, into what is written, masked in what is said.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use ring::hmac;
use ring::rand::{SecureRandom, SystemRandom};
use serde_json::{Value, json};
use stackctl_engine::{SecretData, TargetError};
use stackctl_model::{Object, SecretSource};

/// Digests that are comparable within one run only.
pub(crate) struct Digester(hmac::Key);

impl Digester {
    /// With a key nobody else has.
    pub(crate) fn new() -> Self {
        let mut bytes = [0_u8; 32];
        // Without randomness digests are still never shown.
        let _ = SystemRandom::new().fill(&mut bytes);
        Self(hmac::Key::new(hmac::HMAC_SHA256, &bytes))
    }

    /// What stands in for a value.
    pub(crate) fn digest(&self, value: &[u8]) -> String {
        BASE64_STANDARD.encode(hmac::sign(&self.0, value))
    }

    /// Takes the values out of a Secret; their digests by key.
    pub(crate) fn strip(&self, object: &mut Value) -> BTreeMap<String, String> {
        if object["kind"] != "Secret" {
            return BTreeMap::new();
        }
        let data = object.as_object_mut().and_then(|object| object.remove("data"));
        let entries = data.as_ref().and_then(Value::as_object).into_iter().flatten();
        entries
            .map(|(key, value)| {
                let bytes =
                    BASE64_STANDARD.decode(value.as_str().unwrap_or_default()).unwrap_or_default();
                (key.clone(), self.digest(&bytes))
            })
            .collect()
    }
}

/// Whether an object needs what is live to be filled: a generated value that is there already stays.
pub(crate) fn needs_live(object: &Object, secrets: &SecretData) -> bool {
    object.secrets.iter().any(|(key, source)| {
        matches!(source, SecretSource::Generate { .. }) || !secrets.contains_key(key)
    })
}

/// The object with a value in each hole.
pub(crate) fn filled(object: &Object, secrets: &SecretData, live: Option<&Value>) -> Value {
    let mut filled = object.value.clone();
    for (key, source) in &object.secrets {
        let kept = live.and_then(|live| live["data"].get(key)).cloned();
        let fresh = secrets.get(key).map(|value| json!(BASE64_STANDARD.encode(value.expose())));
        let is_generated = matches!(source, SecretSource::Generate { .. });
        if let Some(value) = if is_generated { kept.or(fresh) } else { fresh.or(kept) } {
            filled["data"][key] = value;
        }
    }
    filled
}

/// Takes every value out of what the server said.
pub(crate) fn masked(error: TargetError, secrets: &SecretData) -> TargetError {
    let mask = |message: String| {
        secrets.values().fold(message, |message, value| {
            let plain = String::from_utf8_lossy(value.expose()).into_owned();
            let encoded = BASE64_STANDARD.encode(value.expose());
            let hide = |message: String, secret: &str| {
                if secret.is_empty() { message } else { message.replace(secret, "(secret)") }
            };
            hide(hide(message, &encoded), &plain)
        })
    };
    match error {
        TargetError::Unreachable { message, hint } => {
            TargetError::Unreachable { message: mask(message), hint }
        }
        TargetError::Transient { message, retry_after } => {
            TargetError::Transient { message: mask(message), retry_after }
        }
        TargetError::Conflict { message } => TargetError::Conflict { message: mask(message) },
        TargetError::Locked { message } => TargetError::Locked { message: mask(message) },
        TargetError::Refused { message, hint } => {
            TargetError::Refused { message: mask(message), hint }
        }
    }
}

#[cfg(test)]
mod tests {
    use stackctl_model::SecretValue;

    use super::*;

    fn secrets() -> SecretData {
        [("token".to_owned(), SecretValue::new(b"canary".to_vec()))].into()
    }

    #[test]
    fn values_are_masked_plain_and_encoded() {
        let message = "bad value canary (Y2FuYXJ5)".to_owned();
        let error = masked(TargetError::Refused { message, hint: None }, &secrets());
        assert_eq!(error.to_string(), "bad value (secret) ((secret))");
    }

    #[test]
    fn a_generated_value_stays_and_another_is_written() {
        let source = SecretSource::Generate { alphabet: stackctl_model::Alphabet::Hex, length: 4 };
        let mut object =
            Object { value: json!({}), secrets: [("token".to_owned(), source)].into() };
        let live = json!({"data": {"token": "b2xk"}});
        assert_eq!(filled(&object, &secrets(), Some(&live))["data"]["token"], "b2xk");
        object.secrets.insert("token".to_owned(), SecretSource::Env("X".into()));
        assert_eq!(filled(&object, &secrets(), Some(&live))["data"]["token"], "Y2FuYXJ5");
    }

    #[test]
    fn stripped_objects_hold_no_value() {
        let mut object = json!({"kind": "Secret", "data": {"token": "Y2FuYXJ5"}});
        let digester = Digester::new();
        let digests = digester.strip(&mut object);
        assert_eq!(digests["token"], digester.digest(b"canary"));
        assert_eq!(object, json!({"kind": "Secret"}));
    }
}
