//! How the API spells a kind in paths: known by name, learned from a definition that was just written,
//! or asked of the server.

use std::sync::{Mutex as Lock, PoisonError};

use kube::Client;
use kube::discovery::{ApiGroup, Discovery, Scope as ApiScope, verbs};
use serde_json::Value;
use stackctl_model::{GroupVersionKind, kind_of_group};
use tokio::sync::Mutex;

use crate::kind::Kind;
use crate::request::Failure;

/// What is looked for: a kind of a group, in a certain version or in any.
#[derive(Clone, Debug)]
pub(crate) struct Wanted<'a> {
    pub(crate) group: &'a str,
    pub(crate) kind: &'a str,
    pub(crate) version: Option<&'a str>,
}

impl<'a> Wanted<'a> {
    pub(crate) fn exactly(kind: &'a GroupVersionKind) -> Self {
        Self { group: &kind.group, kind: &kind.kind, version: Some(&kind.version) }
    }

    pub(crate) fn any_version(group: &'a str, kind: &'a str) -> Self {
        Self { group, kind, version: None }
    }

    fn is(&self, found: &Kind) -> bool {
        found.group == self.group
            && found.kind == self.kind
            && self.version.is_none_or(|version| version == found.version)
    }
}

/// Looks kinds up. Discovery runs only for those nobody knows by name.
#[derive(Default)]
pub(crate) struct Kinds {
    discovered: Mutex<Option<Vec<Kind>>>,
    learned: Lock<Vec<Kind>>,
}

impl Kinds {
    /// A kind, as far as is known; discovery runs at most once.
    pub(crate) async fn find(
        &self,
        client: &Client,
        wanted: &Wanted<'_>,
    ) -> Result<Option<Kind>, Failure> {
        if let Some(kind) = self.at_hand(wanted) {
            return Ok(Some(kind));
        }
        let mut discovered = self.discovered.lock().await;
        let kinds = match &mut *discovered {
            Some(kinds) => kinds,
            unknown => unknown.insert(all_kinds(client).await?),
        };
        Ok(kinds.iter().find(|kind| wanted.is(kind)).cloned())
    }

    /// The same; the server is asked again when it had no such kind before. Also for a kind that
    /// is known by name, since the server may not have it.
    pub(crate) async fn is_served(
        &self,
        client: &Client,
        wanted: &Wanted<'_>,
    ) -> Result<bool, Failure> {
        self.forget().await;
        let kinds = all_kinds(client).await?;
        let is_served = kinds.iter().any(|kind| wanted.is(kind));
        *self.discovered.lock().await = Some(kinds);
        Ok(is_served)
    }

    /// Every kind whose objects live in namespaces and can be listed, in one version each.
    pub(crate) async fn listed_in_namespaces(&self, client: &Client) -> Result<Vec<Kind>, Failure> {
        let discovery = Discovery::new(client.clone()).run_aggregated().await?;
        let recommended = discovery.groups().flat_map(ApiGroup::recommended_resources);
        let kept = recommended.filter(|(_, capabilities)| {
            capabilities.scope == ApiScope::Namespaced
                && capabilities.supports_operation(verbs::LIST)
        });
        Ok(kept.map(|(resource, capabilities)| Kind::discovered(resource, &capabilities)).collect())
    }

    /// Has the next look ask the server anew.
    pub(crate) async fn forget(&self) {
        *self.discovered.lock().await = None;
    }

    /// Remembers the kinds that a definition makes.
    pub(crate) fn learn(&self, definition: &Value) {
        let kinds = defined(definition);
        self.learned.lock().unwrap_or_else(PoisonError::into_inner).extend(kinds);
    }

    /// Whether this run wrote the kind's definition, so that the server will know it soon.
    pub(crate) fn is_learned(&self, wanted: &Wanted<'_>) -> bool {
        let learned = self.learned.lock().unwrap_or_else(PoisonError::into_inner);
        learned.iter().any(|kind| wanted.is(kind))
    }

    fn at_hand(&self, wanted: &Wanted<'_>) -> Option<Kind> {
        let known = kind_of_group(wanted.group, wanted.kind).and_then(Kind::known);
        if let Some(mut kind) = known {
            // Other versions of a known kind have the same plural and scope.
            kind.version = wanted.version.map_or(kind.version, str::to_owned);
            return Some(kind);
        }
        let learned = self.learned.lock().unwrap_or_else(PoisonError::into_inner);
        learned.iter().find(|kind| wanted.is(kind)).cloned()
    }
}

/// The kinds of a `CustomResourceDefinition`, one for each version it serves.
fn defined(definition: &Value) -> Vec<Kind> {
    let spec = &definition["spec"];
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let versions = spec["versions"].as_array().map(Vec::as_slice).unwrap_or_default();
    let served = versions.iter().filter(|version| version["served"] == true);
    served
        .map(|version| Kind {
            group: text(&spec["group"]),
            version: text(&version["name"]),
            kind: text(&spec["names"]["kind"]),
            plural: text(&spec["names"]["plural"]),
            namespaced: spec["scope"] == "Namespaced",
        })
        .collect()
}

/// Two requests, whatever the number of groups.
async fn all_kinds(client: &Client) -> Result<Vec<Kind>, Failure> {
    let discovery = Discovery::new(client.clone()).run_aggregated().await?;
    let mut kinds = Vec::new();
    for group in discovery.groups() {
        for version in group.versions() {
            for (resource, capabilities) in group.versioned_resources(version) {
                kinds.push(Kind::discovered(resource, &capabilities));
            }
        }
    }
    Ok(kinds)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_definition_teaches_each_version_it_serves() {
        let kinds = Kinds::default();
        kinds.learn(&json!({"spec": {
            "group": "lab.example.com", "scope": "Cluster",
            "names": {"kind": "Shelf", "plural": "shelves"},
            "versions": [{"name": "v1", "served": true}, {"name": "v1beta1", "served": false}],
        }}));
        let shelf = kinds.at_hand(&Wanted::any_version("lab.example.com", "Shelf")).unwrap();
        assert_eq!(shelf.api_version(), "lab.example.com/v1");
        assert!(!shelf.namespaced);
        let old = Wanted { version: Some("v1beta1"), group: "lab.example.com", kind: "Shelf" };
        assert!(!kinds.is_learned(&old));
    }

    #[test]
    fn another_version_of_a_known_kind_needs_no_discovery() {
        let wanted =
            Wanted { group: "autoscaling", kind: "HorizontalPodAutoscaler", version: Some("v1") };
        let kind = Kinds::default().at_hand(&wanted).unwrap();
        assert_eq!(
            (kind.version.as_str(), kind.plural.as_str()),
            ("v1", "horizontalpodautoscalers")
        );
    }

    #[test]
    fn a_kind_of_the_same_name_in_another_group_is_another() {
        let kinds = Kinds::default();
        assert!(kinds.at_hand(&Wanted::any_version("serving.knative.dev", "Service")).is_none());
    }
}
