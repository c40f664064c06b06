//! Carries out operations.

use std::time::Duration;

use serde_json::{Value, json};
use stackctl_engine::{SecretData, TargetError};
use stackctl_model::{Action, Desired, Object, ObjectId, Operation, ResourceId};
use stackctl_plan::RETIRED_AT;

use crate::Kubernetes;
use crate::error::classify;
use crate::kinds::Kind;
use crate::request::{apply, delete, merge_patch, object_path};
use crate::secret;

impl Kubernetes {
    /// Carries out one action once.
    pub(crate) async fn carry_out(
        &self,
        action: &Action,
        secrets: &SecretData,
    ) -> Result<(), TargetError> {
        let ResourceId::Object(id) = &action.id else { return Ok(()) };
        match &action.operation {
            Operation::Apply(Desired::Object(object)) => {
                if let Some(patch) = &action.patch_first {
                    self.patch_first(id, object, patch).await?;
                }
                self.write(id, object, secrets).await
            }
            Operation::Replace { desired: Desired::Object(object), orphan, uid } => {
                self.remove(id, uid.as_deref(), *orphan).await?;
                self.await_gone(id, uid.as_deref()).await?;
                self.write(id, object, secrets).await
            }
            Operation::Delete { uid, .. } => self.remove(id, uid.as_deref(), false).await,
            Operation::Retire { patch, .. } => self.retire(id, patch).await,
            Operation::Apply(Desired::Setting(_))
            | Operation::Replace { desired: Desired::Setting(_), .. }
            | Operation::Wait(_)
            | Operation::Refused => Ok(()),
        }
    }

    async fn write(
        &self,
        id: &ObjectId,
        object: &Object,
        secrets: &SecretData,
    ) -> Result<(), TargetError> {
        let what = ResourceId::Object(id.clone()).to_string();
        let path = object_path(&self.kind(id, object.group_version_kind()).await?, id);
        let needs_live = secret::needs_live(object, secrets);
        let live = if needs_live { self.fetch(&path, &what).await? } else { None };
        let filled = secret::filled(object, secrets, live.as_ref());
        let outcome = apply(&self.client, &path, false, &filled).await;
        outcome.map(drop).map_err(|error| secret::masked(classify(error, &what), secrets))
    }

    async fn patch_first(
        &self,
        id: &ObjectId,
        object: &Object,
        patch: &Value,
    ) -> Result<(), TargetError> {
        let what = ResourceId::Object(id.clone()).to_string();
        let path = object_path(&self.kind(id, object.group_version_kind()).await?, id);
        merge_patch(&self.client, &path, patch)
            .await
            .map(drop)
            .map_err(|error| classify(error, &what))
    }

    async fn remove(
        &self,
        id: &ObjectId,
        uid: Option<&str>,
        orphan: bool,
    ) -> Result<(), TargetError> {
        let what = ResourceId::Object(id.clone()).to_string();
        let Some(kind) =
            self.kinds.of(&self.client, id).await.map_err(|error| classify(error, &what))?
        else {
            return Ok(());
        };
        let policy = match id.kind.as_str() {
            _ if orphan => "Orphan",
            "Deployment" | "StatefulSet" | "DaemonSet" | "Job" => "Foreground",
            _ => "Background",
        };
        let mut options =
            json!({"kind": "DeleteOptions", "apiVersion": "v1", "propagationPolicy": policy});
        if let Some(uid) = uid {
            options["preconditions"] = json!({"uid": uid});
        }
        match delete(&self.client, &object_path(&kind, id), &options).await {
            Ok(_) => Ok(()),
            Err(kube::Error::Api(status)) if status.code == 404 => Ok(()),
            Err(kube::Error::Api(status))
                if status.code == 409 && status.message.contains("UID") =>
            {
                Err(TargetError::Refused {
                    message: format!("{what} was made anew since the plan; it was not deleted"),
                    hint: Some("plan again".to_owned()),
                })
            }
            Err(error) => Err(classify(error, &what)),
        }
    }

    /// Waits until the object with this uid is gone.
    pub(crate) async fn await_gone(
        &self,
        id: &ObjectId,
        uid: Option<&str>,
    ) -> Result<(), TargetError> {
        let what = ResourceId::Object(id.clone()).to_string();
        let Some(kind) =
            self.kinds.of(&self.client, id).await.map_err(|error| classify(error, &what))?
        else {
            return Ok(());
        };
        let path = object_path(&kind, id);
        let mut pause = Duration::from_millis(50);
        loop {
            let Some(live) = self.fetch(&path, &what).await? else { return Ok(()) };
            if uid.is_some_and(|uid| live["metadata"]["uid"] != uid) {
                return Ok(());
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(Duration::from_secs(1));
        }
    }

    async fn retire(&self, id: &ObjectId, patch: &Value) -> Result<(), TargetError> {
        let what = ResourceId::Object(id.clone()).to_string();
        let path = object_path(&self.kind(id, None).await?, id);
        let mut patch = patch.clone();
        patch["metadata"]["annotations"][RETIRED_AT] = json!(jiff::Timestamp::now().to_string());
        merge_patch(&self.client, &path, &patch)
            .await
            .map(drop)
            .map_err(|error| classify(error, &what))
    }

    /// The kind of an object that is to be there.
    async fn kind(
        &self,
        id: &ObjectId,
        wanted: Option<stackctl_model::GroupVersionKind>,
    ) -> Result<Kind, TargetError> {
        let what = ResourceId::Object(id.clone()).to_string();
        let found = match &wanted {
            Some(wanted) => self.kinds.find(&self.client, wanted).await,
            None => self.kinds.of(&self.client, id).await,
        };
        found.map_err(|error| classify(error, &what))?.ok_or_else(|| TargetError::Refused {
            message: format!("the cluster knows no kind {}", id.kind),
            hint: Some("install what defines it, or put its definition into the stack".to_owned()),
        })
    }
}
