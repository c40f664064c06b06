//! What is in a namespace that is to go: every kind is asked for.

use futures::{StreamExt, stream};
use serde_json::Value;
use stackctl_engine::TargetError;
use stackctl_model::{Inhabitant, ResourceId};
use stackctl_plan::{APPLYSET_ID, PART_OF};

use crate::Kubernetes;
use crate::error::Doing;
use crate::kind::Kind;
use crate::ledger::GENERATION_OF;
use crate::request::list_path;
use crate::target::IN_FLIGHT;

/// Kinds that tell of others, and are nobody's loss.
const TRACES: &[&str] =
    &["Event", "Endpoints", "EndpointSlice", "PodMetrics", "Lease", "ControllerRevision"];

/// Annotations of what a controller makes for another object, and makes again.
const MADE_FOR: &[&str] =
    &["cert-manager.io/certificate-name", "kubernetes.io/service-account.name"];

impl Kubernetes {
    /// Everything somebody put into a namespace; what controllers made of that goes with it.
    pub(crate) async fn list_inhabitants(
        &self,
        namespace: &str,
    ) -> Result<Vec<Inhabitant>, TargetError> {
        let kinds = self.kinds.listed_in_namespaces(self.api.client()).await;
        let kinds =
            kinds.map_err(|failure| failure.into_error(Doing::Looking("the kinds of objects")))?;
        let left = kinds.into_iter().filter(|kind| !self.memory.has_listed(namespace, kind));
        // All are asked although one fails: an API server makes ready what it is asked for the first time,
        // and whoever tries again goes on from here.
        let asked: Vec<Result<(), TargetError>> = stream::iter(left)
            .map(|kind| async move {
                let found = self.list_of_kind(&kind, namespace).await?;
                self.memory.listed(namespace, &kind, found);
                Ok(())
            })
            .buffer_unordered(IN_FLIGHT)
            .collect()
            .await;
        asked.into_iter().collect::<Result<(), TargetError>>()?;
        let mut found = self.memory.take_listed(namespace);
        found.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(found)
    }

    async fn list_of_kind(
        &self,
        kind: &Kind,
        namespace: &str,
    ) -> Result<Vec<Inhabitant>, TargetError> {
        let listed: Result<Value, _> =
            self.api.get_metadata(&list_path(kind, Some(namespace))).await;
        let list = match listed {
            Ok(list) => list,
            // Some kinds are served and yet cannot be listed.
            Err(failure) if matches!(failure.code(), Some(404 | 405)) => return Ok(Vec::new()),
            Err(failure) => {
                let what = format!("listing {} in {namespace}", kind.plural);
                return Err(failure.into_error(Doing::Looking(&what)));
            }
        };
        let items = list["items"].as_array().into_iter().flatten();
        Ok(items.filter_map(|item| inhabitant(kind, namespace, &item["metadata"])).collect())
    }
}

fn inhabitant(kind: &Kind, namespace: &str, metadata: &Value) -> Option<Inhabitant> {
    let name = metadata["name"].as_str()?;
    let has_label = |label: &str| metadata["labels"][label].is_string();
    let has_annotation = |name: &str| metadata["annotations"][name].is_string();
    let is_made_by_others =
        metadata["ownerReferences"].as_array().is_some_and(|all| !all.is_empty())
            || MADE_FOR.iter().any(|name| has_annotation(name))
            || matches!(
                (kind.kind.as_str(), name),
                ("ConfigMap", "kube-root-ca.crt") | ("ServiceAccount", "default")
            );
    let is_our_own_record = has_label(APPLYSET_ID) || has_label(GENERATION_OF);
    if is_made_by_others || is_our_own_record || TRACES.contains(&kind.kind.as_str()) {
        return None;
    }
    Some(Inhabitant {
        id: ResourceId::object(kind.group.clone(), kind.kind.clone(), Some(namespace), name),
        mark: metadata["labels"][PART_OF].as_str().map(str::to_owned),
    })
}
