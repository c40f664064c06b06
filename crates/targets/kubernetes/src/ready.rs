//! Waits until what was written is ready, or what was deleted is gone.

use std::sync::PoisonError;

use serde_json::Value;
use stackctl_engine::{OnMissing, TargetError};
use stackctl_model::{Action, Desired, Object, ObjectId, Operation, ResourceId};
use stackctl_plan::kubernetes::{ClaimBinding, Readiness, readiness};

use crate::Kubernetes;
use crate::error::classify;
use crate::request::{escaped, get};

/// Kinds that become ready some time after they are written; all others are ready at once.
const SLOW: &[(&str, &str)] = &[
    ("", "PersistentVolumeClaim"),
    ("", "Pod"),
    ("", "Service"),
    ("apiextensions.k8s.io", "CustomResourceDefinition"),
    ("apps", "DaemonSet"),
    ("apps", "Deployment"),
    ("apps", "StatefulSet"),
    ("batch", "Job"),
    ("cert-manager.io", "Certificate"),
    ("gateway.networking.k8s.io", "Gateway"),
    ("gateway.networking.k8s.io", "GatewayClass"),
    ("gateway.networking.k8s.io", "HTTPRoute"),
];

impl Kubernetes {
    /// Waits for one action.
    pub(crate) async fn await_ready(
        &self,
        action: &Action,
        on_missing: OnMissing<'_>,
    ) -> Result<(), TargetError> {
        let ResourceId::Object(id) = &action.id else { return Ok(()) };
        match &action.operation {
            Operation::Apply(Desired::Object(object))
            | Operation::Wait(Desired::Object(object))
            | Operation::Replace { desired: Desired::Object(object), .. } => {
                self.await_object(id, object, on_missing).await
            }
            Operation::Delete { uid, .. } => {
                on_missing("it is being deleted".to_owned());
                self.await_gone(id, uid.as_deref()).await
            }
            Operation::Apply(Desired::Setting(_))
            | Operation::Wait(Desired::Setting(_))
            | Operation::Replace { desired: Desired::Setting(_), .. }
            | Operation::Retire { .. }
            | Operation::Refused => Ok(()),
        }
    }

    async fn await_object(
        &self,
        id: &ObjectId,
        object: &Object,
        on_missing: OnMissing<'_>,
    ) -> Result<(), TargetError> {
        if !SLOW.contains(&(id.group.as_str(), id.kind.as_str())) {
            return Ok(());
        }
        let what = ResourceId::Object(id.clone()).to_string();
        let binding = self.binding(id, &object.value).await?;
        let found =
            self.kinds.of(&self.client, id).await.map_err(|error| classify(error, &what))?;
        let Some(kind) = found else { return Ok(()) };
        let watch = self.hub.watch(&self.watching, &kind, id.namespace.as_deref());
        let mut changes = watch.changes();
        let mut said = String::new();
        loop {
            changes.mark_unchanged();
            let readiness = {
                let seen = watch.seen.lock().unwrap_or_else(PoisonError::into_inner);
                match (seen.objects.get(&id.name), &seen.trouble) {
                    (Some(live), _) => readiness(live, binding),
                    (None, Some(trouble)) => Readiness::Missing(trouble.clone()),
                    (None, None) => Readiness::Missing("it is not seen yet".to_owned()),
                }
            };
            match readiness {
                Readiness::Ready => return Ok(()),
                Readiness::Failed(message) => {
                    return Err(TargetError::Refused { message, hint: None });
                }
                Readiness::Missing(words) if words != said => {
                    said.clone_from(&words);
                    on_missing(words);
                }
                Readiness::Missing(_) => {}
            }
            if changes.changed().await.is_err() {
                return Err(TargetError::Transient {
                    message: format!("{what}: the watch ended"),
                    retry_after: None,
                });
            }
        }
    }

    /// When a claim's class binds it. Asked once per class.
    async fn binding(&self, id: &ObjectId, claim: &Value) -> Result<ClaimBinding, TargetError> {
        let class = claim["spec"]["storageClassName"].as_str().unwrap_or_default();
        if id.kind != "PersistentVolumeClaim" || class.is_empty() {
            return Ok(ClaimBinding::Immediate);
        }
        let mut classes = self.classes.lock().await;
        if let Some(binding) = classes.get(class) {
            return Ok(*binding);
        }
        let path = format!("/apis/storage.k8s.io/v1/storageclasses/{}", escaped(class));
        let binding = match get(&self.client, &path).await {
            Ok(found) if found["volumeBindingMode"] == "WaitForFirstConsumer" => {
                ClaimBinding::WaitForFirstConsumer
            }
            Ok(_) => ClaimBinding::Immediate,
            Err(kube::Error::Api(status)) if status.code == 404 => ClaimBinding::Immediate,
            Err(error) => return Err(classify(error, &format!("storageclass/{class}"))),
        };
        classes.insert(class.to_owned(), binding);
        Ok(binding)
    }
}
