//! What a write leaves, by the rules the API server has.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Map, Value, json};
use stackctl_engine::{DigestKey, SecretData, TargetError};
use stackctl_model::{Object, ObjectId};
use stackctl_plan::RETIRED_AT;
use stackctl_plan::kubernetes::{Schema, immutable_violation, merge, merge_patch};

use crate::names;
use crate::store::Store;

/// The object as a write would leave it, over what is there.
pub(crate) fn written(
    key: &DigestKey,
    id: &ObjectId,
    live: Option<&Value>,
    object: &Object,
    secrets: &SecretData,
) -> Result<Value, TargetError> {
    if let Some(reason) = names::refusal(id) {
        return Err(refused(reason));
    }
    let desired = filled(key, object, secrets, live);
    if let Some(reason) = live.and_then(|live| immutable_violation(live, &desired)) {
        return Err(refused(reason));
    }
    Ok(merge(live, &desired, Schema::embedded()))
}

/// Refuses what is in no namespace that exists.
pub(crate) fn has_home(store: &Store, id: &ObjectId) -> Result<(), TargetError> {
    match &id.namespace {
        Some(name) if !store.has_namespace(name) => {
            Err(refused(format!("namespace {name} does not exist; nothing was written")))
        }
        Some(_) | None => Ok(()),
    }
}

/// The desired object with a digest for each value. Generated values that are there already stay, as do
/// those that nobody could read.
fn filled(key: &DigestKey, object: &Object, secrets: &SecretData, live: Option<&Value>) -> Value {
    let mut desired = object.value.clone();
    if desired["kind"] == "Secret" && desired["apiVersion"] == "v1" {
        digest_literals(key, &mut desired);
    }
    for (name, source) in &object.secrets {
        let kept = live.and_then(|live| live["data"].get(name)).cloned();
        let fresh = secrets.get(name).map(|value| json!(key.digest(value.expose())));
        if let Some(value) = if source.is_generated() { kept.or(fresh) } else { fresh.or(kept) } {
            desired["data"][name] = value;
        }
    }
    desired
}

/// No value of a Secret is ever kept, not even one that its manifest holds.
fn digest_literals(key: &DigestKey, secret: &mut Value) {
    let Some(secret) = secret.as_object_mut() else { return };
    let mut digests = Map::new();
    if let Some(Value::Object(data)) = secret.remove("data") {
        for (name, value) in data {
            let text = value.as_str().unwrap_or_default();
            let bytes = BASE64_STANDARD.decode(text).unwrap_or_else(|_| text.as_bytes().to_vec());
            digests.insert(name, json!(key.digest(&bytes)));
        }
    }
    if let Some(Value::Object(data)) = secret.remove("stringData") {
        for (name, value) in data {
            digests.insert(name, json!(key.digest(value.as_str().unwrap_or_default().as_bytes())));
        }
    }
    if !digests.is_empty() {
        secret.insert("data".to_owned(), Value::Object(digests));
    }
}

/// Refuses to delete another object of the same name.
pub(crate) fn same_uid(live: &Value, uid: Option<&String>) -> Result<(), TargetError> {
    match uid {
        Some(uid) if live["metadata"]["uid"] != json!(uid) => Err(TargetError::Refused {
            message: "it was made anew since it was planned; nothing of it was changed".to_owned(),
            hint: Some("plan again".to_owned()),
        }),
        Some(_) | None => Ok(()),
    }
}

/// The object with other marks; today's date where the patch has a place for it.
pub(crate) fn marked(mut object: Value, patch: &Value) -> Value {
    merge_patch(&mut object, patch);
    if patch["metadata"]["annotations"][RETIRED_AT] == "" {
        object["metadata"]["annotations"][RETIRED_AT] = jiff::Timestamp::now().to_string().into();
    }
    object
}

pub(crate) fn refused(message: String) -> TargetError {
    TargetError::Refused { message, hint: None }
}

#[cfg(test)]
mod tests {
    use stackctl_model::{Alphabet, SecretSource, SecretValue};

    use super::*;

    fn key() -> DigestKey {
        DigestKey::of_this_run()
    }

    #[test]
    fn no_value_of_a_secret_is_kept() {
        let key = key();
        let object = Object {
            secrets: [("c".to_owned(), SecretSource::Env("X".to_owned()))].into(),
            ..Object::plain(json!({
                "apiVersion": "v1", "kind": "Secret", "metadata": {"name": "x"},
                "data": {"a": "Y2FuYXJ5"}, "stringData": {"b": "canary"},
            }))
        };
        let secrets = [("c".to_owned(), SecretValue::new(b"canary".to_vec()))].into();
        let filled = filled(&key, &object, &secrets, None);
        let digest = key.digest(b"canary");
        assert_eq!(filled["data"], json!({"a": digest, "b": digest, "c": digest}));
        assert!(filled.get("stringData").is_none());
    }

    #[test]
    fn a_generated_value_that_is_there_stays() {
        let source = SecretSource::Generate { alphabet: Alphabet::Hex, length: 8 };
        let object =
            Object { secrets: [("a".to_owned(), source)].into(), ..Object::plain(json!({})) };
        let secrets = || [("a".to_owned(), SecretValue::new(b"new".to_vec()))].into();
        let live = json!({"data": {"a": "old"}});
        assert_eq!(filled(&key(), &object, &secrets(), Some(&live))["data"]["a"], "old");
        assert_ne!(filled(&key(), &object, &secrets(), None)["data"]["a"], "old");
    }

    #[test]
    fn another_object_of_the_same_name_is_not_deleted() {
        let live = json!({"metadata": {"uid": "a"}});
        assert!(same_uid(&live, Some(&"a".to_owned())).is_ok());
        assert!(same_uid(&live, None).is_ok());
        assert!(same_uid(&live, Some(&"b".to_owned())).is_err());
    }
}
