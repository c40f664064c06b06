//! Which objects live in a namespace, and the id each has.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use stackctl_model::{GroupVersionKind, ResourceId, Scope, kind_of_group};

/// What is known of the scope of kinds: the built-in ones, and those that a definition in the stack names.
#[derive(Default)]
pub(super) struct KindScopes {
    defined: BTreeMap<(String, String), bool>,
}

impl KindScopes {
    /// Learns from the definitions of custom resources among some objects.
    pub(super) fn learn<'v>(&mut self, objects: impl Iterator<Item = &'v Value>) {
        for object in objects {
            if object["kind"] != "CustomResourceDefinition" {
                continue;
            }
            let spec = &object["spec"];
            let (Some(group), Some(kind)) =
                (spec["group"].as_str(), spec["names"]["kind"].as_str())
            else {
                continue;
            };
            let namespaced = spec["scope"] != "Cluster";
            self.defined.insert((group.to_owned(), kind.to_owned()), namespaced);
        }
    }

    /// A kind that nothing is known of is taken to live in a namespace, as most do.
    fn is_namespaced(&self, kind: &GroupVersionKind) -> bool {
        if let Some(known) = kind_of_group(&kind.group, &kind.kind) {
            return known.scope == Scope::Namespace;
        }
        self.defined.get(&(kind.group.clone(), kind.kind.clone())).copied().unwrap_or(true)
    }

    /// The id of an object. One that lives in a namespace and names none gets this one; one that lives in
    /// none loses what it names. `None` when it has no apiVersion, kind or name.
    pub(super) fn identify(&self, object: &mut Value, namespace: &str) -> Option<ResourceId> {
        let kind = GroupVersionKind::of(object)?;
        let namespaced = self.is_namespaced(&kind);
        let metadata = object.get_mut("metadata")?.as_object_mut()?;
        let name = metadata.get("name")?.as_str().filter(|name| !name.is_empty())?.to_owned();
        if !namespaced {
            metadata.remove("namespace");
            return Some(ResourceId::object(kind.group, kind.kind, None, name));
        }
        let own = metadata.get("namespace").and_then(Value::as_str).unwrap_or_default();
        if own.is_empty() {
            metadata.insert("namespace".to_owned(), json!(namespace));
            return Some(ResourceId::object(kind.group, kind.kind, Some(namespace), name));
        }
        Some(ResourceId::object(kind.group, kind.kind, Some(own), name))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::KindScopes;

    #[test]
    fn a_definition_in_the_stack_says_where_its_objects_live() {
        let mut scopes = KindScopes::default();
        let mut object =
            json!({"apiVersion": "a.io/v1", "kind": "Thing", "metadata": {"name": "x"}});
        let id = scopes.identify(&mut object.clone(), "media").unwrap();
        assert_eq!(id.to_string(), "thing/media/x");
        let definition = json!({
            "kind": "CustomResourceDefinition",
            "spec": {"group": "a.io", "names": {"kind": "Thing"}, "scope": "Cluster"},
        });
        scopes.learn([&definition].into_iter());
        assert_eq!(scopes.identify(&mut object, "media").unwrap().to_string(), "thing/x");
        assert!(object["metadata"].get("namespace").is_none());
    }
}
