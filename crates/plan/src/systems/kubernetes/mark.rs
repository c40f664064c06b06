//! How an object says whose it is: an `ApplySet` label (KEP-3659) and a field manager for the stack, the usual
//! label for the app.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use stackctl_model::ResourceId;

/// Live objects by their ids.
pub(crate) type Objects<'l> = BTreeMap<&'l ResourceId, &'l Value>;

/// The field manager of everything stackctl writes.
pub const FIELD_MANAGER: &str = "stackctl";

/// Label of a member; its value is the `ApplySet`'s id.
pub const PART_OF: &str = "applyset.kubernetes.io/part-of";

/// Label of the parent; its value is the `ApplySet`'s id.
pub const APPLYSET_ID: &str = "applyset.kubernetes.io/id";

/// Label of what a stack has retired; its value is the stack's name.
pub const RETIRED_FROM: &str = "stackctl.io/retired-from";

/// Annotation of what a stack has retired; its value is the date, in RFC 3339.
pub const RETIRED_AT: &str = "stackctl.io/retired-at";

/// The identity of a stack in a cluster.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct StackMark {
    /// The stack's name.
    pub name: String,
    /// The namespace its own record lives in.
    pub namespace: String,
}

impl StackMark {
    /// The value of [`PART_OF`] on every object of the stack.
    pub fn value(&self) -> String {
        let parent = format!("{}.{}.ConfigMap.", self.parent(), self.namespace);
        let digest = Sha256::digest(parent.as_bytes());
        format!("applyset-{}-v1", URL_SAFE_NO_PAD.encode(digest))
    }

    /// Name of the `ConfigMap` that is the `ApplySet`'s parent and the stack's record.
    pub fn parent(&self) -> String {
        format!("stackctl-{}", self.name)
    }

    /// Puts the mark on an object: on its own metadata only, never on selectors or pod templates,
    /// which would restart pods and break adoption.
    pub fn stamp(&self, object: &mut Value) {
        let Some(root) = object.as_object_mut() else { return };
        let metadata = map_at(root, "metadata");
        map_at(metadata, "labels").insert(PART_OF.to_owned(), Value::String(self.value()));
    }

    /// Whether an object carries this stack's mark.
    pub fn is_on(&self, object: &Value) -> bool {
        mark_of(object) == Some(self.value().as_str())
    }
}

/// The mark an object carries, whichever stack's it is.
pub fn mark_of(object: &Value) -> Option<&str> {
    object.get("metadata")?.get("labels")?.get(PART_OF)?.as_str()
}

/// The app an object belongs to.
pub(crate) fn app_of(object: &Value) -> Option<&str> {
    object["metadata"]["labels"]["app.kubernetes.io/name"].as_str()
}

/// The map under `key`, made when it is not one.
fn map_at<'a>(parent: &'a mut Map<String, Value>, key: &str) -> &'a mut Map<String, Value> {
    let place = parent.entry(key).or_insert(Value::Null);
    if !place.is_object() {
        *place = Value::Object(Map::new());
    }
    place.as_object_mut().expect("made a map just above")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn mark() -> StackMark {
        StackMark { name: "home".into(), namespace: "media".into() }
    }

    #[test]
    fn the_value_is_a_valid_label_and_depends_on_name_and_namespace() {
        let value = mark().value();
        assert!(value.len() <= 63 && value.starts_with("applyset-") && value.ends_with("-v1"));
        assert_ne!(value, StackMark { namespace: "other".into(), ..mark() }.value());
    }

    #[test]
    fn only_metadata_is_stamped() {
        let mut object = json!({"metadata": {"name": "x"}, "spec": {"template": {"metadata": {}}}});
        mark().stamp(&mut object);
        assert!(mark().is_on(&object));
        assert_eq!(object["spec"], json!({"template": {"metadata": {}}}));
    }
}
