//! Lists what carries the stack's mark: one list per kind, in parallel.

use std::collections::BTreeSet;

use futures::{StreamExt, TryStreamExt, stream};
use serde::Deserialize;
use serde_json::Value;
use stackctl_engine::{Observation, TargetError};
use stackctl_model::{Finding, GroupVersionKind, Live, LiveMachines, ResourceId};
use stackctl_plan::{PART_OF, RETIRED_FROM};

use crate::error::Doing;
use crate::kinds::{Kind, Wanted};
use crate::prepare::{last_generation, recorded, recorded_machines, recorded_namespaces};
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
    /// Everything of the stack that is in the cluster.
    pub(crate) async fn look(&self, wanted: &Observation) -> Result<Live, TargetError> {
        self.kinds.forget().await;
        let scope = Scope { selector: selector(wanted), namespaces: wanted.namespaces.clone() };
        let lists = self.list_all(wanted.kinds.clone(), &scope);
        let (record, lists) = futures::try_join!(self.record(wanted), lists)?;
        let earlier = self.list_earlier(wanted, record.as_ref(), scope.selector).await?;
        let generation = last_generation(record.as_ref());
        let reaches = recorded_machines(record.as_ref());
        let machines = LiveMachines { reaches, ..LiveMachines::default() };
        let mut live = Live { generation, machines, ..Live::default() };
        for (wanted_kind, listed) in lists.into_iter().chain(earlier) {
            match listed {
                Some((kind, objects)) => {
                    for object in objects {
                        self.learn(&mut live, object, &kind);
                    }
                }
                None if wanted.kinds.contains(&wanted_kind) => {
                    let message = format!(
                        "The cluster does not know {wanted_kind}: its definition is not there yet."
                    );
                    live.notes.push(Finding::note("kind-not-there-yet", message));
                    live.cluster.unknown_kinds.insert(wanted_kind);
                }
                None => {}
            }
        }
        live.notes.sort_by(|a, b| a.message.cmp(&b.message));
        self.find_namespaces(wanted, &mut live).await?;
        self.memory.owns(live.cluster.objects.keys().cloned());
        Ok(live)
    }

    /// What earlier applies wrote of kinds, and in namespaces, that are no longer asked for.
    async fn list_earlier(
        &self,
        wanted: &Observation,
        record: Option<&Value>,
        selector: String,
    ) -> Result<Vec<Listed>, TargetError> {
        let kinds = self.earlier_kinds(wanted, record).await?;
        let before = recorded_namespaces(record);
        let left: BTreeSet<String> = before.difference(&wanted.namespaces).cloned().collect();
        let mut found = Vec::new();
        if !kinds.is_empty() {
            let namespaces = before.union(&wanted.namespaces).cloned().collect();
            let scope = Scope { selector: selector.clone(), namespaces };
            found.extend(self.list_all(kinds, &scope).await?);
        }
        if !left.is_empty() {
            let scope = Scope { selector, namespaces: left };
            found.extend(self.list_all(wanted.kinds.clone(), &scope).await?);
        }
        Ok(found)
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

    fn learn(&self, live: &mut Live, mut object: Value, kind: &Kind) {
        object["apiVersion"] = kind.api_version().into();
        object["kind"] = kind.kind.clone().into();
        let Some(id) = id(&object, kind) else { return };
        if id.is_kind("", "Namespace") {
            live.cluster.namespaces.extend(id.as_object().map(|id| id.name.clone()));
        }
        let digests = secret::strip(&self.key, &mut object);
        if !digests.is_empty() {
            live.cluster.digests.insert(id.clone(), digests);
        }
        live.cluster.objects.insert(id, object);
    }

    /// Kinds of earlier applies that are no longer asked for, as far as the server still knows them.
    async fn earlier_kinds(
        &self,
        wanted: &Observation,
        record: Option<&Value>,
    ) -> Result<BTreeSet<GroupVersionKind>, TargetError> {
        let mut kinds = BTreeSet::new();
        for (kind, group) in recorded(record) {
            if wanted.kinds.iter().any(|wanted| wanted.kind == kind && wanted.group == group) {
                continue;
            }
            let any = Wanted::any_version(&group, &kind);
            let found = self.kinds.find(self.api.client(), &any).await;
            let found = found.map_err(|failure| failure.told(Doing::Looking(&kind)))?;
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
                Err(failure.told(Doing::Looking(&what)))
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
        wanted: &Observation,
        live: &mut Live,
    ) -> Result<(), TargetError> {
        let unseen: Vec<String> =
            wanted.namespaces.difference(&live.cluster.namespaces).cloned().collect();
        let found: Vec<Option<String>> = stream::iter(unseen)
            .map(|name| async move {
                let path = format!("/api/v1/namespaces/{}", escaped(&name));
                let found = self.api.find(&path).await.map_err(|failure| {
                    failure.told(Doing::Looking(&format!("namespace {name}")))
                })?;
                Ok(found.map(|_| name))
            })
            .buffer_unordered(IN_FLIGHT)
            .try_collect()
            .await?;
        live.cluster.namespaces.extend(found.into_iter().flatten());
        Ok(())
    }
}

/// The labels of what is looked for.
fn selector(wanted: &Observation) -> String {
    let (label, value) =
        if wanted.retired { (RETIRED_FROM, &wanted.stack) } else { (PART_OF, &wanted.mark) };
    format!("{}%3D{}", escaped(label), escaped(value))
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
