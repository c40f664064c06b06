//! Where an object's file is: `objects/KIND/NAMESPACE/NAME.yaml`, `_cluster` for what has no namespace.

use std::fmt::Write;

use ring::digest;
use serde_json::Value;
use stackctl_model::{GroupVersionKind, ObjectId, kind_of_group};

/// The folder of all objects.
pub(crate) const OBJECTS: &str = "objects";
/// The folder of what has no namespace; no namespace may have this name.
const CLUSTER: &str = "_cluster";
/// File systems take names of 255 bytes; what is longer is cut and told apart by a digest.
const LONGEST: usize = 200;

/// The path of an object's file below the sandbox's folder, with `/` between its parts.
pub(crate) fn file(id: &ObjectId) -> String {
    let is_plain = kind_of_group(&id.group, &id.kind).is_some_and(|known| known.names.is_some());
    let kind = id.kind.to_ascii_lowercase();
    let kind = if is_plain || id.group.is_empty() { kind } else { format!("{kind}.{}", id.group) };
    let namespace = namespace_folder(id.namespace.as_deref());
    format!("{OBJECTS}/{}/{namespace}/{}.yaml", safe(&kind), safe(&id.name))
}

/// The name of a namespace's folders, one below each kind.
pub(crate) fn namespace_folder(namespace: Option<&str>) -> String {
    namespace.map_or_else(|| CLUSTER.to_owned(), safe)
}

/// A name no file system minds: all but small letters, digits, `-`, `_` and `.` in hexadecimal. Large
/// letters too, since some file systems take them for small ones.
fn safe(name: &str) -> String {
    let mut text = String::with_capacity(name.len());
    for (place, byte) in name.bytes().enumerate() {
        let is_plain = byte.is_ascii_lowercase()
            || byte.is_ascii_digit()
            || byte == b'-'
            || (matches!(byte, b'_' | b'.') && place > 0);
        if is_plain {
            text.push(char::from(byte));
        } else {
            write!(text, "%{byte:02x}").expect("writing to a String cannot fail");
        }
    }
    if text.len() > LONGEST {
        text.truncate(LONGEST - 33);
        let digest = digest::digest(&digest::SHA256, name.as_bytes());
        text.push('~');
        text.push_str(&hexadecimal(digest.as_ref().get(..16).unwrap_or_default()));
    }
    text
}

/// Bytes in hexadecimal.
pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        write!(text, "{byte:02x}").expect("writing to a String cannot fail");
    }
    text
}

/// The id an object says it has.
pub(crate) fn id(object: &Value) -> Option<ObjectId> {
    let kind = GroupVersionKind::of(object)?;
    let metadata = object.get("metadata")?;
    let name = metadata.get("name")?.as_str()?.to_owned();
    let namespace = metadata.get("namespace").and_then(Value::as_str).map(str::to_owned);
    Some(ObjectId { kind: kind.kind, group: kind.group, namespace, name })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(group: &str, kind: &str, namespace: Option<&str>, name: &str) -> String {
        file(&ObjectId {
            kind: kind.into(),
            group: group.into(),
            namespace: namespace.map(str::to_owned),
            name: name.into(),
        })
    }

    #[test]
    fn files_are_named_after_their_objects_and_stay_inside() {
        assert_eq!(path("", "Secret", Some("media"), "a"), "objects/secret/media/a.yaml");
        assert_eq!(path("", "Namespace", None, "media"), "objects/namespace/_cluster/media.yaml");
        assert_eq!(
            path("x.io", "Role", Some("m"), "../x:Y"),
            "objects/role.x.io/m/%2e.%2fx%3a%59.yaml"
        );
        assert_eq!(path("", "Secret", Some("_cluster"), "a"), "objects/secret/%5fcluster/a.yaml");
    }

    #[test]
    fn kinds_of_the_same_name_have_folders_of_their_own() {
        assert_ne!(path("a.io", "Thing", None, "x"), path("b.io", "Thing", None, "x"));
        assert_eq!(path("apps", "Deployment", Some("m"), "x"), "objects/deployment/m/x.yaml");
    }

    #[test]
    fn the_longest_names_fit_and_stay_apart() {
        let name = |end: &str| path("", "Secret", None, &format!("{}{end}", "a".repeat(252)));
        assert!(name("b").rsplit('/').next().unwrap().len() < 255);
        assert_ne!(name("b"), name("c"));
    }
}
