//! Lists what carries the stack's mark: one list per kind, in parallel.

use std::collections::BTreeSet;

use futures::{StreamExt, TryStreamExt, stream};
use serde::Deserialize;
use serde_json::Value;
use stackctl_engine::TargetError;
use stackctl_model::{
    ClusterQuestion, Finding, GroupKind, GroupVersionKind, LiveCluster, ObjectId, ResourceId,
    Selector,
};

use crate::error::Doing;
use crate::kind::Kind;
use crate::kinds::Wanted;
use crate::request::{Failure, escaped, list_path};
use crate::target::IN_FLIGHT;
use crate::{Kubernetes, secret};

/// Objects per page of a list.
const PAGE: usize = 500;

/// A page of a list; its items lack what the list says once.
#[derive(Deserialize)]
struct Page {
    #[serde(default)]
    metadata: PageMetadata,
    #[serde(default)]
    items: Vec<Value>,
}

#[derive(Default, Deserialize)]
struct PageMetadata {
    #[serde(default, rename = "continue")]
    next: Option<String>,
}

/// Where to look, and for which labels.
struct Scope {
    selector: String,
    namespaces: BTreeSet<String>,
}

impl Scope {
    /// The namespaces to list a kind in; the one place there is for what lives in none.
    fn places(&self, kind: &Kind) -> Vec<Option<&str>> {
        if !kind.namespaced {
            return vec![None];
        }
        self.namespaces.iter().map(|name| Some(name.as_str())).collect()
    }
}

/// The marked objects of a kind; none when the server does not know the kind.
type Listed = (GroupVersionKind, Option<(Kind, Vec<Value>)>);

impl Kubernetes {
    /// What the cluster holds of what is asked.
    pub(crate) async fn look_at(
        &self,
        question: &ClusterQuestion,
    ) -> Result<LiveCluster, TargetError> {
        if question.is_first {
            self.kinds.forget().await;
            self.memory.owns_nothing();
        }
        let (mut live, present) =
            futures::try_join!(self.list_asked(question), self.find_present(&question.presence))?;
        live.present = present;
        self.find_namespaces(&question.namespaces, &mut live).await?;
        for namespace in &question.inhabitants {
            let found = self.list_inhabitants(namespace).await?;
            live.inhabitants.insert(namespace.clone(), found);
        }
        self.memory.owns(live.objects.keys().cloned());
        Ok(live)
    }

    async fn list_asked(&self, question: &ClusterQuestion) -> Result<LiveCluster, TargetError> {
        let mut live = LiveCluster::default();
        for list in &question.lists {
            let scope = Scope {
                selector: selector(&question.selector),
                namespaces: list.namespaces.clone(),
            };
            let earlier = self.still_served(&list.earlier).await?;
            let kinds = list.kinds.iter().cloned().chain(earlier).collect();
            for (kind, listed) in self.list_all(kinds, &scope).await? {
                match listed {
                    Some((kind, objects)) => {
                        for object in objects {
                            self.learn(&mut live, object, &kind);
                        }
                    }
                    None if question.is_first && list.kinds.contains(&kind) => {
                        let message = format!(
                            "The cluster does not know {kind}: its definition is not there yet."
                        );
                        live.notes.push(Finding::note("kind-not-there-yet", message));
                        live.unknown_kinds.insert(kind);
                    }
                    None => {}
                }
            }
        }
        live.notes.sort_by(|a, b| a.message.cmp(&b.message));
        Ok(live)
    }

    /// Which of some objects are there.
    async fn find_present(
        &self,
        asked: &BTreeSet<ObjectId>,
    ) -> Result<BTreeSet<ObjectId>, TargetError> {
        let found: Vec<Option<ObjectId>> = stream::iter(asked.clone())
            .map(|id| async move { Ok(self.has_object(&id).await?.then_some(id)) })
            .buffer_unordered(IN_FLIGHT)
            .try_collect()
            .await?;
        Ok(found.into_iter().flatten().collect())
    }

    async fn list_all(
        &self,
        kinds: BTreeSet<GroupVersionKind>,
        selector: &Scope,
    ) -> Result<Vec<Listed>, TargetError> {
        stream::iter(kinds)
            .map(|kind| self.list(kind, selector))
            .buffer_unordered(IN_FLIGHT)
            .try_collect()
            .await
    }

    fn learn(&self, live: &mut LiveCluster, mut object: Value, kind: &Kind) {
        object["apiVersion"] = kind.api_version().into();
        object["kind"] = kind.kind.clone().into();
        let Some(id) = id(&object, kind) else { return };
        if id.is_kind("", "Namespace") {
            live.namespaces.extend(id.as_object().map(|id| id.name.clone()));
        }
        let digests = secret::strip(&self.key, &mut object);
        if !digests.is_empty() {
            live.digests.insert(id.clone(), digests);
        }
        live.objects.insert(id, object);
    }

    /// Kinds of earlier applies, as far as the server still knows them.
    async fn still_served(
        &self,
        earlier: &BTreeSet<GroupKind>,
    ) -> Result<BTreeSet<GroupVersionKind>, TargetError> {
        let mut kinds = BTreeSet::new();
        for GroupKind { group, kind } in earlier {
            let any = Wanted::any_version(group, kind);
            let found = self.kinds.find(self.api.client(), &any).await;
            let found = found.map_err(|failure| failure.into_error(Doing::Looking(kind)))?;
            kinds.extend(found.map(|found| GroupVersionKind {
                group: found.group,
                version: found.version,
                kind: found.kind,
            }));
        }
        Ok(kinds)
    }

    async fn list(&self, wanted: GroupVersionKind, scope: &Scope) -> Result<Listed, TargetError> {
        match self.list_pages(&wanted, scope).await {
            Ok(found) => Ok((wanted, found)),
            Err(failure) if failure.is_unknown_kind() => Ok((wanted, None)),
            Err(failure) => {
                let what = format!("listing {wanted}");
                Err(failure.into_error(Doing::Looking(&what)))
            }
        }
    }

    async fn list_pages(
        &self,
        wanted: &GroupVersionKind,
        scope: &Scope,
    ) -> Result<Option<(Kind, Vec<Value>)>, Failure> {
        let found = self.kinds.find(self.api.client(), &Wanted::exactly(wanted)).await?;
        let Some(kind) = found else { return Ok(None) };
        let mut objects = Vec::new();
        // Only where the stack is: no right to read other people's namespaces is needed.
        for namespace in scope.places(&kind) {
            let list = list_path(&kind, namespace);
            let base = format!("{list}?limit={PAGE}&labelSelector={}", scope.selector);
            let mut path = base.clone();
            loop {
                let page: Page = self.api.get(&path).await?;
                objects.extend(page.items);
                match page.metadata.next.filter(|next| !next.is_empty()) {
                    None => break,
                    Some(next) => path = format!("{base}&continue={}", escaped(&next)),
                }
            }
        }
        Ok(Some((kind, objects)))
    }

    /// Namespaces that are there although the stack does not own them.
    async fn find_namespaces(
        &self,
        asked: &BTreeSet<String>,
        live: &mut LiveCluster,
    ) -> Result<(), TargetError> {
        let unseen: Vec<String> = asked.difference(&live.namespaces).cloned().collect();
        let found: Vec<Option<String>> = stream::iter(unseen)
            .map(|name| async move {
                let path = format!("/api/v1/namespaces/{}", escaped(&name));
                let found = self.api.find(&path).await.map_err(|failure| {
                    failure.into_error(Doing::Looking(&format!("namespace {name}")))
                })?;
                Ok(found.map(|_| name))
            })
            .buffer_unordered(IN_FLIGHT)
            .try_collect()
            .await?;
        live.namespaces.extend(found.into_iter().flatten());
        Ok(())
    }
}

/// A label and its value as a list takes them.
fn selector(wanted: &Selector) -> String {
    format!("{}%3D{}", escaped(&wanted.label), escaped(&wanted.value))
}

fn id(object: &Value, kind: &Kind) -> Option<ResourceId> {
    let metadata = object.get("metadata")?;
    let name = metadata.get("name")?.as_str()?;
    let namespace = metadata.get("namespace").and_then(Value::as_str);
    Some(ResourceId::object(kind.group.clone(), kind.kind.clone(), namespace, name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_page_says_so_in_three_ways() {
        for text in ["{}", r#"{"metadata": {}}"#, r#"{"metadata": {"continue": ""}, "items": []}"#]
        {
            let page: Page = serde_json::from_str(text).unwrap();
            assert_eq!(page.metadata.next.unwrap_or_default(), "", "{text}");
        }
    }
}
