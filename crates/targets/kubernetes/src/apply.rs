//! Carries out operations, each request once.

use std::time::Duration;

use serde_json::{Value, json};
use stackctl_engine::{SecretData, TargetError};
use stackctl_model::{
    Action, Adoption, Deletion, Dependents, Mark, Object, ObjectId, Operation, Replacement,
    ResourceId,
};
use stackctl_plan::kubernetes::kinds::rules;
use stackctl_plan::kubernetes::release_patch;
use stackctl_plan::{RETIRED_AT, mark_of};
use tokio::time::Instant;

use crate::Kubernetes;
use crate::error::Doing;
use crate::kind::Kind;
use crate::kinds::Wanted;
use crate::request::{Failure, object_path};
use crate::write::{Destination, OVERTAKEN, Over, is_overtaken};

/// How long a replaced object may take to go away.
const GOING: Duration = Duration::from_mins(2);

/// What a delete found.
enum Removal {
    /// It is gone or going.
    Done,
    /// Another object of that name is there.
    Another,
}

impl Kubernetes {
    /// Carries out one action once.
    pub(crate) async fn carry_out(
        &self,
        action: &Action,
        secrets: &SecretData,
    ) -> Result<(), TargetError> {
        let ResourceId::Object(id) = &action.id else { return Ok(()) };
        match &action.operation {
            Operation::Create(object) => {
                let (kind, path) = self.place(id, object).await?;
                self.write(
                    Destination { id, kind: &kind, path: &path },
                    object,
                    secrets,
                    Over::default(),
                )
                .await
            }
            Operation::Update(over) | Operation::Adopt(Adoption { over, .. }) => {
                let (kind, path) = self.place(id, &over.object).await?;
                let seen = Over { seen: Some(&over.seen), patch: over.patch_first.as_ref() };
                self.write(
                    Destination { id, kind: &kind, path: &path },
                    &over.object,
                    secrets,
                    seen,
                )
                .await
            }
            Operation::Replace(replacement) => {
                let (kind, path) = self.place(id, &replacement.object).await?;
                self.make_way(id, &path, replacement).await?;
                let object = &replacement.object;
                self.write(
                    Destination { id, kind: &kind, path: &path },
                    object,
                    secrets,
                    Over::default(),
                )
                .await
            }
            Operation::Delete(deletion) => self.delete(id, deletion).await,
            Operation::Retire(mark)
            | Operation::Release(mark)
            | Operation::TakeBack { mark, .. } => self.mark(id, mark).await,
            Operation::OnMachine(_) | Operation::Wait(_) | Operation::Held(_) => Ok(()),
        }
    }

    pub(crate) fn wrote(&self, id: &ObjectId, mut answer: Value) {
        if id.is_kind("apiextensions.k8s.io", "CustomResourceDefinition") {
            self.kinds.learn(&answer);
        }
        if rules(&id.group, &id.kind).is_awaited() {
            if let Some(metadata) = answer["metadata"].as_object_mut() {
                metadata.remove("managedFields");
            }
            self.memory.wrote(&ResourceId::Object(id.clone()), answer);
        }
    }

    /// A kind whose definition was just written is known soon; any other stays unknown.
    pub(crate) async fn unknown_kind(&self, kind: &Kind) -> TargetError {
        let wanted = Wanted { group: &kind.group, kind: &kind.kind, version: Some(&kind.version) };
        let will_come = self.kinds.is_learned(&wanted)
            || self.kinds.is_served(self.api.client(), &wanted).await.unwrap_or(false);
        let name = format!("{} {}", kind.api_version(), kind.kind);
        if will_come {
            return TargetError::Transient {
                message: format!("the cluster does not serve {name} yet; it was not changed"),
                retry_after: None,
            };
        }
        not_defined(&name)
    }

    /// Deletes what is to be replaced, and waits until it is gone.
    async fn make_way(
        &self,
        id: &ObjectId,
        path: &str,
        replacement: &Replacement,
    ) -> Result<(), TargetError> {
        let uid = replacement.seen.uid.as_deref();
        let policy = match replacement.dependents {
            Dependents::Stay => "Orphan",
            Dependents::GoWithIt => policy(id),
        };
        match self.remove(path, uid, policy).await? {
            (Removal::Done, _) => self.await_gone(path, uid).await,
            // Deleted and made anew by an attempt whose answer was lost; or by somebody else.
            (Removal::Another, Some(live)) if is_of_the_same_stack(&live, replacement) => Ok(()),
            (Removal::Another, _) => Err(made_anew()),
        }
    }

    async fn delete(&self, id: &ObjectId, deletion: &Deletion) -> Result<(), TargetError> {
        let uid = deletion.uid.as_deref();
        let wanted = Wanted::exactly(&deletion.kind);
        let found = self.kinds.find(self.api.client(), &wanted).await;
        let Some(kind) = found.map_err(|failure| failure.into_error(Doing::Writing))? else {
            return Ok(());
        };
        match self.remove(&object_path(&kind, id), uid, policy(id)).await? {
            (Removal::Done, left) => {
                if left.is_none() {
                    self.memory.removed(&ResourceId::Object(id.clone()));
                }
                Ok(())
            }
            (Removal::Another, _) => Err(made_anew()),
        }
    }

    /// Deletes the object with this uid. With it comes what is left there, as far as that is known.
    async fn remove(
        &self,
        path: &str,
        uid: Option<&str>,
        policy: &str,
    ) -> Result<(Removal, Option<Value>), TargetError> {
        let mut options =
            json!({"kind": "DeleteOptions", "apiVersion": "v1", "propagationPolicy": policy});
        if let Some(uid) = uid {
            options["preconditions"] = json!({"uid": uid});
        }
        match self.api.delete(path, &options).await {
            Ok(answer) if answer["kind"] == "Status" => Ok((Removal::Done, None)),
            Ok(left) => Ok((Removal::Done, Some(left))),
            Err(failure) if failure.is_absent() => Ok((Removal::Done, None)),
            Err(failure) if is_another(&failure) => {
                let live = self.api.find(path).await;
                let live = live.map_err(|failure| failure.into_error(Doing::Writing))?;
                Ok((Removal::Another, live))
            }
            Err(failure) => Err(failure.into_error(Doing::Writing)),
        }
    }

    /// Waits until the object with this uid is gone, for [`GOING`] at most.
    async fn await_gone(&self, path: &str, uid: Option<&str>) -> Result<(), TargetError> {
        let end = Instant::now() + GOING;
        let mut pause = Duration::from_millis(20);
        loop {
            let live = self.api.find(path).await;
            let Some(live) = live.map_err(|failure| failure.into_error(Doing::Writing))? else {
                return Ok(());
            };
            if uid.is_some_and(|uid| live["metadata"]["uid"] != uid) {
                return Ok(());
            }
            if Instant::now() > end {
                return Err(held(&live));
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(Duration::from_secs(1));
        }
    }

    async fn mark(&self, id: &ObjectId, mark: &Mark) -> Result<(), TargetError> {
        let found = self.kinds.find(self.api.client(), &Wanted::exactly(&mark.kind)).await;
        let found = found.map_err(|failure| failure.into_error(Doing::Writing))?;
        let kind = found.ok_or_else(|| not_defined(&mark.kind.to_string()))?;
        let mut patch = dated(&mark.patch);
        if let Some(uid) = &mark.uid {
            patch["metadata"]["uid"] = json!(uid);
        }
        let path = object_path(&kind, id);
        for _ in 0..OVERTAKEN {
            match self.api.merge_patch(&path, &patch).await {
                Ok(_) => return Ok(()),
                Err(failure) if id.is_kind("", "Node") && is_overtaken(&failure) => {
                    let live = self.api.find(&path).await;
                    let live = live.map_err(|failure| failure.into_error(Doing::Writing))?;
                    // A machine that has left the cluster has nothing of ours either.
                    let Some(live) = live else { return Ok(()) };
                    patch = release_patch(&live);
                }
                Err(failure) if is_another(&failure) => return Err(made_anew()),
                Err(failure) => return Err(failure.into_error(Doing::Writing)),
            }
        }
        Err(TargetError::Transient {
            message: "others write it all the time; it was not changed".to_owned(),
            retry_after: None,
        })
    }

    /// The kind of an object that is to be there, and its path.
    async fn place(&self, id: &ObjectId, object: &Object) -> Result<(Kind, String), TargetError> {
        let Some(wanted) = object.group_version_kind() else {
            return Err(not_defined(&id.kind));
        };
        let exactly = Wanted::exactly(&wanted);
        let mut found = self.kinds.find(self.api.client(), &exactly).await;
        if matches!(found, Ok(None)) {
            // Something else may have defined it since.
            self.kinds.forget().await;
            found = self.kinds.find(self.api.client(), &exactly).await;
        }
        let found = found.map_err(|failure| failure.into_error(Doing::Writing))?;
        let kind = found.ok_or_else(|| not_defined(&wanted.to_string()))?;
        let path = object_path(&kind, id);
        Ok((kind, path))
    }
}

/// Whether a live object is that of a replacement, made by an attempt before.
fn is_of_the_same_stack(live: &Value, replacement: &Replacement) -> bool {
    mark_of(live) == mark_of(&replacement.object.value)
}

/// Workloads go with their pods, so that gone means stopped.
fn policy(id: &ObjectId) -> &'static str {
    match (id.group.as_str(), id.kind.as_str()) {
        ("apps" | "batch", _) => "Foreground",
        _ => "Background",
    }
}

/// The patch with today's date in it, where it has a place for it.
fn dated(patch: &Value) -> Value {
    let mut patch = patch.clone();
    if patch["metadata"]["annotations"][RETIRED_AT] != "" {
        return patch;
    }
    let now = jiff::Timestamp::now().round(jiff::Unit::Second);
    let now = now.unwrap_or_else(|_| jiff::Timestamp::now());
    patch["metadata"]["annotations"][RETIRED_AT] = json!(now.to_string());
    patch
}

fn is_another(failure: &Failure) -> bool {
    match failure {
        Failure::Answer(answer) => {
            // It is "UID in precondition" or "the UID in the precondition", by the path it took; a patch of
            // another's uid is told as a precondition that failed.
            let message = answer.status.message.to_ascii_lowercase();
            answer.status.code == 409 && message.contains("precondition") && message.contains("uid")
        }
        Failure::Broken(_) | Failure::TimedOut(_) | Failure::Unreadable(_) => false,
    }
}

fn made_anew() -> TargetError {
    TargetError::Refused {
        message: "it was deleted and made anew since the plan; it was not changed".to_owned(),
        hint: Some("run the same command again, to plan for what is there now".to_owned()),
    }
}

fn held(live: &Value) -> TargetError {
    let finalizers = live["metadata"]["finalizers"].as_array().map(Vec::as_slice);
    let finalizers: Vec<&str> =
        finalizers.unwrap_or_default().iter().filter_map(Value::as_str).collect();
    let why = if finalizers.is_empty() {
        String::new()
    } else {
        format!(", held by {}", finalizers.join(", "))
    };
    TargetError::Refused {
        message: format!(
            "it is being deleted but still there after {} s{why}; it was not made anew",
            GOING.as_secs()
        ),
        hint: Some("stop what uses it, then run the same command again".to_owned()),
    }
}

fn not_defined(kind: &str) -> TargetError {
    TargetError::Refused {
        message: format!("the cluster does not know {kind}; it was not changed"),
        hint: Some("install what defines it, or put its definition into the stack".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::request::Answer;

    #[test]
    fn another_object_of_the_name_is_told_from_other_conflicts() {
        let failure = |message: &str| {
            let status = kube::core::Status::failure(message, "Conflict").with_code(409);
            Failure::Answer(Box::new(Answer { status, retry_after: None }))
        };
        for message in [
            "Operation cannot be fulfilled on ConfigMap \"x\": the UID in the precondition (a) does \
             not match the UID in record (b). The object might have been deleted and then recreated",
            "Precondition failed: UID in precondition: a, UID in object meta: b",
        ] {
            assert!(is_another(&failure(message)), "{message}");
        }
        assert!(!is_another(&failure("the object has been modified")));
    }

    #[test]
    fn a_retired_object_carries_the_date() {
        let patch = dated(&json!({"metadata": {"annotations": {RETIRED_AT: ""}}}));
        let date = patch["metadata"]["annotations"][RETIRED_AT].as_str().unwrap();
        assert!(date.parse::<jiff::Timestamp>().is_ok() && date.len() == 20, "{date}");
    }

    #[test]
    fn what_holds_an_object_is_named() {
        let live = json!({"metadata": {"finalizers": ["kubernetes.io/pvc-protection"]}});
        let message = held(&live).to_string();
        assert!(message.contains("held by kubernetes.io/pvc-protection"), "{message}");
    }
}
