//! What writes would come to: server-side apply dry runs.

use std::collections::BTreeMap;
use std::sync::PoisonError;

use futures::future::BoxFuture;
use futures::{FutureExt, StreamExt, TryStreamExt, stream};
use serde_json::Value;
use stackctl_engine::{SecretData, TargetError};
use stackctl_model::{Desired, Preview, Resource, ResourceId};

use crate::Kubernetes;
use crate::error::classify;
use crate::kinds::Kind;
use crate::request::{apply, get, object_path};
use crate::secret;
use crate::target::IN_FLIGHT;

impl Kubernetes {
    /// Previews a batch, as many at once as the server takes.
    pub(crate) async fn preview_all(
        &self,
        batch: &[(&Resource, SecretData)],
    ) -> Result<BTreeMap<ResourceId, Preview>, TargetError> {
        // Boxed one by one: a closure over borrowed pairs is not general enough for the stream.
        let previews: Vec<BoxFuture<'_, _>> = batch
            .iter()
            .map(|(resource, secrets)| self.preview_named(resource, secrets).boxed())
            .collect();
        stream::iter(previews).buffer_unordered(IN_FLIGHT).try_collect().await
    }

    async fn preview_named(
        &self,
        resource: &Resource,
        secrets: &SecretData,
    ) -> Result<(ResourceId, Preview), TargetError> {
        Ok((resource.id.clone(), self.preview_one(resource, secrets).await?))
    }

    async fn preview_one(
        &self,
        resource: &Resource,
        secrets: &SecretData,
    ) -> Result<Preview, TargetError> {
        let what = resource.id.to_string();
        let (ResourceId::Object(id), Desired::Object(object)) = (&resource.id, &resource.desired)
        else {
            return Ok(Preview::Unconfirmed("it is no object of the cluster".to_owned()));
        };
        let wanted =
            object.group_version_kind().unwrap_or_else(|| stackctl_model::GroupVersionKind {
                group: id.group.clone(),
                version: String::new(),
                kind: id.kind.clone(),
            });
        let kind =
            self.kinds.find(&self.client, &wanted).await.map_err(|error| classify(error, &what))?;
        let Some(kind) = kind else {
            return Ok(Preview::Unconfirmed(format!("the cluster does not know {wanted} yet")));
        };
        let path = object_path(&kind, id);
        let needs_live = secret::needs_live(object, secrets);
        let live = if needs_live { self.fetch(&path, &what).await? } else { None };
        let filled = secret::filled(object, secrets, live.as_ref());
        match apply(&self.client, &path, true, &filled).await {
            Ok(after) => self.previewed(&path, &resource.id, after).await,
            Err(kube::Error::Api(status)) if status.code == 404 => {
                Ok(Preview::Unconfirmed(missing(&status.message, &kind)))
            }
            Err(error) => match secret::masked(classify(error, &what), secrets) {
                TargetError::Refused { message, .. } | TargetError::Conflict { message } => {
                    Ok(Preview::Refused(message))
                }
                passing => Err(passing),
            },
        }
    }

    /// Tells a new object from one that is there without the stack's mark.
    async fn previewed(
        &self,
        path: &str,
        id: &ResourceId,
        mut after: Value,
    ) -> Result<Preview, TargetError> {
        self.digester.strip(&mut after);
        let is_owned = self.owned.lock().unwrap_or_else(PoisonError::into_inner).contains(id);
        if is_owned || !after["metadata"]["resourceVersion"].is_string() {
            return Ok(Preview::Object(after));
        }
        Ok(match self.fetch(path, &id.to_string()).await? {
            None => Preview::Object(after),
            Some(mut live) => {
                self.digester.strip(&mut live);
                Preview::Existing { live, after }
            }
        })
    }

    /// An object as it is, values and all; never shown.
    pub(crate) async fn fetch(&self, path: &str, what: &str) -> Result<Option<Value>, TargetError> {
        match get(&self.client, path).await {
            Ok(object) => Ok(Some(object)),
            Err(kube::Error::Api(status)) if status.code == 404 => Ok(None),
            Err(error) => Err(classify(error, what)),
        }
    }
}

fn missing(message: &str, kind: &Kind) -> String {
    if message.contains("namespaces") {
        "its namespace does not exist yet".to_owned()
    } else {
        format!("the cluster does not know {} {} yet", kind.version, kind.kind)
    }
}
