//! What writes would come to: server-side apply dry runs.

use std::collections::BTreeMap;

use futures::future::BoxFuture;
use futures::{FutureExt, StreamExt, TryStreamExt, stream};
use serde_json::Value;
use stackctl_engine::{SecretData, TargetError};
use stackctl_model::{Desired, Object, ObjectId, Preview, Resource, ResourceId};
use stackctl_plan::{APPLYSET_ID, mark_of};

use crate::Kubernetes;
use crate::error::Doing;
use crate::kinds::Wanted;
use crate::request::{Failure, Mode, escaped, object_path};
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
        let looking = Doing::Looking(&what);
        let (ResourceId::Object(id), Desired::Object(object)) = (&resource.id, &resource.desired)
        else {
            return Ok(Preview::Unconfirmed("it is no object of the cluster".to_owned()));
        };
        let Some(wanted) = object.group_version_kind() else {
            return Ok(Preview::Refused("it has no apiVersion or kind".to_owned()));
        };
        let found = self.kinds.find(self.api.client(), &Wanted::exactly(&wanted)).await;
        let Some(kind) = found.map_err(|failure| failure.into_error(looking))? else {
            return Ok(unknown_kind(&wanted.to_string()));
        };
        let path = object_path(&kind, id);
        let sent = self.fill(&path, object, secrets, looking).await?.object;
        let outcome = match self.api.apply(&path, Mode::DryRun, &sent).await {
            Err(failure) if is_left_over(&failure, &sent) => {
                self.without_strategy(&path, sent).await
            }
            Err(failure) if failure.is_unknown_kind() => {
                return Ok(unknown_kind(&wanted.to_string()));
            }
            Err(failure) if failure.is_missing_right() => {
                return self.unasked(&path, &resource.id, failure.into_error(looking)).await;
            }
            Err(failure) => Err(secret::masked(failure.into_error(looking), &sent)),
            Ok(after) => Ok(after),
        };
        match outcome {
            Ok(after) => self.previewed(&path, &resource.id, after).await,
            Err(error) => refusal(error, &what),
        }
    }

    /// Whether an object is there; what these credentials may not read counts as there.
    pub(crate) async fn has_object(&self, id: &ObjectId) -> Result<bool, TargetError> {
        let what = ResourceId::Object(id.clone()).to_string();
        let wanted = Wanted::any_version(&id.group, &id.kind);
        let found = self.kinds.find(self.api.client(), &wanted).await;
        let Some(kind) = found.map_err(|failure| failure.into_error(Doing::Looking(&what)))? else {
            return Ok(false);
        };
        match self.api.find(&object_path(&kind, id)).await {
            Ok(found) => Ok(found.is_some()),
            Err(failure) if failure.is_missing_right() => Ok(true),
            Err(failure) => Err(failure.into_error(Doing::Looking(&what))),
        }
    }

    /// The object with its secrets; asks for the live one only when it needs values of it.
    pub(crate) async fn fill(
        &self,
        path: &str,
        object: &Object,
        secrets: &SecretData,
        doing: Doing<'_>,
    ) -> Result<secret::Filled, TargetError> {
        let live = if secret::needs_live(object, secrets) {
            self.api.find(path).await.map_err(|failure| failure.into_error(doing))?
        } else {
            None
        };
        Ok(secret::filled(object, secrets, live.as_ref()))
    }

    /// Server-side apply cannot take `rollingUpdate` away; the executor sends a merge patch first. What
    /// comes of both is what comes of everything else, with the strategy that is asked for.
    async fn without_strategy(&self, path: &str, sent: Value) -> Result<Value, TargetError> {
        let mut reduced = sent;
        let spec = reduced.get_mut("spec").and_then(Value::as_object_mut);
        let strategy = spec.and_then(|spec| spec.remove("strategy")).unwrap_or_default();
        let outcome = self.api.apply(path, Mode::DryRun, &reduced).await;
        let mut after = outcome.map_err(|failure| failure.into_error(Doing::Looking(path)))?;
        after["spec"]["strategy"] = strategy;
        Ok(after)
    }

    /// What can be said by who may not write: whether something is there already.
    async fn unasked(
        &self,
        path: &str,
        id: &ResourceId,
        refusal: TargetError,
    ) -> Result<Preview, TargetError> {
        if self.memory.is_owned(id) {
            return Ok(Preview::Unasked(refusal.to_string()));
        }
        let what = id.to_string();
        let found = self.api.find(path).await;
        let found = found.map_err(|failure| failure.into_error(Doing::Looking(&what)))?;
        Ok(match found {
            None => Preview::Unasked(refusal.to_string()),
            Some(live) => self.existing(live, Value::Null).await,
        })
    }

    /// An object that is there without the stack's mark.
    async fn existing(&self, mut live: Value, after: Value) -> Preview {
        let digests = secret::strip(&self.key, &mut live);
        let owner = match mark_of(&live) {
            Some(mark) => self.stack_of(mark).await,
            None => None,
        };
        Preview::Existing { live, after, owner, digests }
    }

    /// Tells a new object from one that is there without the stack's mark.
    async fn previewed(
        &self,
        path: &str,
        id: &ResourceId,
        mut after: Value,
    ) -> Result<Preview, TargetError> {
        secret::strip(&self.key, &mut after);
        if self.memory.is_owned(id) || !after["metadata"]["resourceVersion"].is_string() {
            return Ok(Preview::Object(after));
        }
        let what = id.to_string();
        let found = self.api.find(path).await;
        let found = found.map_err(|failure| failure.into_error(Doing::Looking(&what)))?;
        Ok(match found {
            None => Preview::Object(after),
            Some(live) => self.existing(live, after).await,
        })
    }
}

impl Kubernetes {
    /// The name of the stack with this mark and its namespace, where its record can be read.
    async fn stack_of(&self, mark: &str) -> Option<String> {
        let selector = format!("{}%3D{}", escaped(APPLYSET_ID), escaped(mark));
        let path = format!("/api/v1/configmaps?labelSelector={selector}");
        let found: Value = self.api.get(&path).await.ok()?;
        let metadata = &found["items"][0]["metadata"];
        let name = metadata["name"].as_str()?.strip_prefix("stackctl-")?;
        Some(format!("{name} (namespace {})", metadata["namespace"].as_str()?))
    }
}

/// What the server says against the object; anything else ends the preview. The view says which object.
fn refusal(error: TargetError, what: &str) -> Result<Preview, TargetError> {
    let alone = |message: String| match message.strip_prefix(&format!("{what}: ")) {
        Some(rest) => rest.to_owned(),
        None => message,
    };
    match error {
        TargetError::Refused { message, .. } | TargetError::Conflict { message } => {
            Ok(Preview::Refused(alone(message)))
        }
        TargetError::Unreachable { .. }
        | TargetError::Transient { .. }
        | TargetError::Moved { .. }
        | TargetError::Locked { .. } => Err(error),
    }
}

fn unknown_kind(kind: &str) -> Preview {
    Preview::Unconfirmed(format!("the cluster does not know {kind} yet"))
}

/// Whether a live rolling update stands in the way of `type: Recreate`.
fn is_left_over(failure: &Failure, sent: &Value) -> bool {
    let Failure::Answer(answer) = failure else { return false };
    let causes = answer.status.details.iter().flat_map(|details| &details.causes);
    sent["spec"]["strategy"]["type"] == "Recreate"
        && causes.into_iter().any(|cause| cause.field == "spec.strategy.rollingUpdate")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::request::Answer;

    const LEFT_OVER: &str = r#"{"code": 422, "reason": "Invalid", "message": "Deployment.apps \"x\" is invalid: spec.strategy.rollingUpdate: Forbidden: may not be specified when strategy `type` is 'Recreate'",
        "details": {"name": "x", "group": "apps", "kind": "Deployment", "causes": [
            {"reason": "FieldValueForbidden", "message": "Forbidden: may not be specified when strategy `type` is 'Recreate'", "field": "spec.strategy.rollingUpdate"}]}}"#;

    #[test]
    fn a_left_over_rolling_update_is_told_from_one_that_was_asked_for() {
        let failure = || {
            let status = serde_json::from_str(LEFT_OVER).unwrap();
            Failure::Answer(Box::new(Answer { status, retry_after: None }))
        };
        assert!(is_left_over(&failure(), &json!({"spec": {"strategy": {"type": "Recreate"}}})));
        assert!(!is_left_over(
            &failure(),
            &json!({"spec": {"strategy": {"type": "RollingUpdate"}}})
        ));
    }

    #[test]
    fn a_refusal_does_not_repeat_the_id() {
        let error = TargetError::Refused {
            message: "deployment/media/x: spec.bogus: no".to_owned(),
            hint: None,
        };
        let preview = refusal(error, "deployment/media/x").unwrap();
        assert_eq!(preview, Preview::Refused("spec.bogus: no".to_owned()));
    }
}
