//! Lists what carries the stack's mark: one list per kind, in parallel.

use std::collections::BTreeSet;
use std::sync::PoisonError;

use futures::{StreamExt, TryStreamExt, stream};
use serde_json::Value;
use stackctl_engine::{Observation, TargetError};
use stackctl_model::{GroupVersionKind, Live, ObjectId, ResourceId, known_kind};
use stackctl_plan::PART_OF;

use crate::Kubernetes;
use crate::error::classify;
use crate::prepare::KINDS;
use crate::request::{escaped, get, list_path};
use crate::target::IN_FLIGHT;

/// Objects per page of a list.
const PAGE: usize = 500;

impl Kubernetes {
    /// Everything of the stack that is in the cluster.
    pub(crate) async fn look(&self, wanted: &Observation) -> Result<Live, TargetError> {
        let mut kinds = wanted.kinds.clone();
        kinds.extend(self.recorded_kinds(wanted).await?);
        let lists: Vec<_> = stream::iter(kinds)
            .map(|kind| self.list(kind, &wanted.mark))
            .buffer_unordered(IN_FLIGHT)
            .try_collect()
            .await?;
        let mut live = Live::default();
        for (kind, objects) in lists {
            match objects {
                None => {
                    live.unknown_kinds.insert(kind);
                }
                Some(objects) => {
                    objects.into_iter().for_each(|object| self.learn(&mut live, object))
                }
            }
        }
        self.find_namespaces(wanted, &mut live).await?;
        *self.owned.lock().unwrap_or_else(PoisonError::into_inner) =
            live.objects.keys().cloned().collect();
        Ok(live)
    }

    fn learn(&self, live: &mut Live, mut object: Value) {
        let Some(id) = id(&object) else { return };
        if id.is_kind("", "Namespace") {
            live.namespaces.extend(id.as_object().map(|id| id.name.clone()));
        }
        let digests = self.digester.strip(&mut object);
        if !digests.is_empty() {
            live.digests.insert(id.clone(), digests);
        }
        live.objects.insert(id, object);
    }

    /// Kinds of earlier applies, from the stack's own record.
    async fn recorded_kinds(
        &self,
        wanted: &Observation,
    ) -> Result<BTreeSet<GroupVersionKind>, TargetError> {
        let Some(record) = self.record(wanted).await? else { return Ok(BTreeSet::new()) };
        let text = record["metadata"]["annotations"][KINDS].as_str().unwrap_or_default().to_owned();
        let mut kinds = BTreeSet::new();
        for name in text.split(',').filter(|name| !name.is_empty()) {
            let (kind, group) = name.split_once('.').unwrap_or((name, ""));
            if wanted.kinds.iter().any(|wanted| wanted.kind == kind && wanted.group == group) {
                continue;
            }
            let id = ObjectId {
                kind: kind.to_owned(),
                group: group.to_owned(),
                namespace: None,
                name: String::new(),
            };
            let found =
                self.kinds.of(&self.client, &id).await.map_err(|error| classify(error, kind))?;
            kinds.extend(found.map(|found| GroupVersionKind {
                group: found.group,
                version: found.version,
                kind: found.kind,
            }));
        }
        Ok(kinds)
    }

    /// All marked objects of a kind, page by page; `None` when the server does not know the kind.
    async fn list(
        &self,
        wanted: GroupVersionKind,
        mark: &str,
    ) -> Result<(GroupVersionKind, Option<Vec<Value>>), TargetError> {
        let what = format!("listing {wanted}");
        let kind =
            self.kinds.find(&self.client, &wanted).await.map_err(|error| classify(error, &what))?;
        let Some(kind) = kind else { return Ok((wanted, None)) };
        let selector = format!("{}={}", escaped(PART_OF), escaped(mark));
        let base = format!("{}?limit={PAGE}&labelSelector={selector}", list_path(&kind, None));
        let mut objects = Vec::new();
        let mut path = base.clone();
        loop {
            let page = match get(&self.client, &path).await {
                Ok(page) => page,
                Err(kube::Error::Api(status)) if status.code == 404 => return Ok((wanted, None)),
                Err(error) => return Err(classify(error, &what)),
            };
            let next = page["metadata"]["continue"].as_str().unwrap_or_default().to_owned();
            if let Value::Object(mut page) = page {
                if let Some(Value::Array(items)) = page.remove("items") {
                    objects.extend(items.into_iter().map(|item| typed(item, &wanted)));
                }
            }
            if next.is_empty() {
                return Ok((wanted, Some(objects)));
            }
            path = format!("{base}&continue={}", escaped(&next));
        }
    }

    /// Namespaces that are there although the stack does not own them.
    async fn find_namespaces(
        &self,
        wanted: &Observation,
        live: &mut Live,
    ) -> Result<(), TargetError> {
        let unseen: Vec<_> = wanted
            .namespaces
            .iter()
            .filter(|name| !live.namespaces.contains(*name))
            .cloned()
            .collect();
        for name in unseen {
            match get(&self.client, &format!("/api/v1/namespaces/{}", escaped(&name))).await {
                Ok(_) => {
                    live.namespaces.insert(name);
                }
                Err(kube::Error::Api(status)) if status.code == 404 => {}
                Err(error) => return Err(classify(error, &format!("namespace {name}"))),
            }
        }
        Ok(())
    }
}

/// Items of a list lack what the list says once.
fn typed(mut item: Value, kind: &GroupVersionKind) -> Value {
    let api_version = if kind.group.is_empty() {
        kind.version.clone()
    } else {
        format!("{}/{}", kind.group, kind.version)
    };
    item["apiVersion"] = api_version.into();
    item["kind"] = kind.kind.clone().into();
    item
}

/// The id of an object.
pub(crate) fn id(object: &Value) -> Option<ResourceId> {
    let kind = GroupVersionKind::of(object)?;
    let metadata = object.get("metadata")?;
    let name = metadata.get("name")?.as_str()?;
    let namespace = metadata.get("namespace").and_then(Value::as_str);
    let is_cluster_wide =
        known_kind(&kind.kind).is_some_and(|known| !known.namespaced && known.group == kind.group);
    let namespace = if is_cluster_wide { None } else { namespace };
    Some(ResourceId::object(kind.group, kind.kind, namespace, name))
}
