//! Writes one object, over what was planned for and nothing else.

use serde_json::{Value, json};
use stackctl_engine::{SecretData, TargetError};
use stackctl_model::{Object, ObjectId, Seen};
use stackctl_plan::kubernetes::{has_moved, is_as_desired, taints_patch};

use crate::Kubernetes;
use crate::error::Doing;
use crate::kind::Kind;
use crate::request::{Failure, Mode};
use crate::secret;

/// How often others may write an object between a look and our write.
pub(crate) const OVERTAKEN: usize = 5;

/// Where an object is written.
#[derive(Clone, Copy)]
pub(crate) struct Destination<'a> {
    pub(crate) id: &'a ObjectId,
    pub(crate) kind: &'a Kind,
    /// As the API server reads it, without the question mark and what follows.
    pub(crate) path: &'a str,
}

/// What is written over.
#[derive(Clone, Copy, Default)]
pub(crate) struct Over<'a> {
    /// The object as it was planned for; none for a new one.
    pub(crate) seen: Option<&'a Seen>,
    /// A merge patch to send first.
    pub(crate) patch: Option<&'a Value>,
}

impl Kubernetes {
    /// Writes an object; refuses when a field that is ours or to be ours has moved since the plan.
    pub(crate) async fn write(
        &self,
        destination: Destination<'_>,
        object: &Object,
        secrets: &SecretData,
        over: Over<'_>,
    ) -> Result<(), TargetError> {
        let Destination { id, kind, path } = destination;
        let filled = self.fill(path, object, secrets, Doing::Writing).await?;
        if !filled.empty.is_empty() {
            return Err(TargetError::Refused {
                message: format!(
                    "there is no value for {}; it was not changed",
                    filled.empty.join(", ")
                ),
                hint: None,
            });
        }
        let mut version = over.seen.and_then(|seen| seen.resource_version.clone());
        let mut patch = over.patch.cloned();
        for _ in 0..OVERTAKEN {
            let sent = held(&filled.object, over.seen, version.as_deref());
            let over = Over { patch: patch.as_ref(), ..over };
            match (self.send(path, &sent, over).await, over.seen) {
                (Ok(answer), _) => {
                    self.wrote(id, answer);
                    return Ok(());
                }
                (Err(failure), _) if failure.is_unknown_kind() => {
                    return Err(self.unknown_kind(kind).await);
                }
                (Err(failure), Some(seen)) if is_overtaken(&failure) => {
                    match self.look_again(path, &filled.object, seen).await? {
                        Again::Same(now) => {
                            version =
                                now["metadata"]["resourceVersion"].as_str().map(str::to_owned);
                            if id.is_kind("", "Node") {
                                // Taints that others have put there since stay.
                                patch = taints_patch(&filled.object, &now);
                            }
                        }
                        Again::Written => return Ok(()),
                    }
                }
                (Err(failure), seen) => {
                    let error = secret::masked(failure.into_error(Doing::Writing), &sent);
                    return Err(if seen.is_none() { made_meanwhile(error) } else { error });
                }
            }
        }
        Err(TargetError::Transient {
            message: "others write it all the time; it was not changed".to_owned(),
            retry_after: None,
        })
    }

    async fn send(&self, path: &str, sent: &Value, over: Over<'_>) -> Result<Value, Failure> {
        let mode = if over.seen.is_some() { Mode::Write } else { Mode::WriteNew };
        let Some(patch) = over.patch else { return self.api.apply(path, mode, sent).await };
        let mut patch = patch.clone();
        for name in ["uid", "resourceVersion"] {
            if sent["metadata"][name].is_string() {
                patch["metadata"][name] = sent["metadata"][name].clone();
            }
        }
        self.api.merge_patch(path, &patch).await?;
        // The patch was held against what was seen; what follows belongs to it.
        let mut sent = sent.clone();
        if let Some(metadata) = sent["metadata"].as_object_mut() {
            metadata.remove("resourceVersion");
        }
        self.api.apply(path, mode, &sent).await
    }

    /// What is there after others wrote it.
    async fn look_again(
        &self,
        path: &str,
        desired: &Value,
        seen: &Seen,
    ) -> Result<Again, TargetError> {
        let found = self.api.find(path).await;
        let Some(mut found) = found.map_err(|failure| failure.into_error(Doing::Writing))? else {
            return Err(moved("it was deleted since the plan"));
        };
        let has_values = found["data"] == desired["data"];
        let digests = secret::strip(&self.key, &mut found);
        let has_taints = desired["kind"] != "Node" || taints_patch(desired, &found).is_none();
        if is_as_desired(desired, &found) && has_taints && (digests.is_empty() || has_values) {
            return Ok(Again::Written);
        }
        if has_moved(seen, desired, &found) || digests != seen.digests {
            return Err(moved("somebody else changed it since the plan"));
        }
        Ok(Again::Same(Box::new(found)))
    }
}

enum Again {
    /// Only what is others' has moved; the object to write over.
    Same(Box<Value>),
    /// It is as desired: an answer was lost.
    Written,
}

/// The object, to be written only over what was seen.
fn held(object: &Value, seen: Option<&Seen>, version: Option<&str>) -> Value {
    let mut sent = object.clone();
    if let Some(uid) = seen.and_then(|seen| seen.uid.as_deref()) {
        sent["metadata"]["uid"] = json!(uid);
    }
    if let Some(version) = version {
        sent["metadata"]["resourceVersion"] = json!(version);
    }
    sent
}

pub(crate) fn is_overtaken(failure: &Failure) -> bool {
    match failure {
        Failure::Answer(answer) => {
            let causes = answer.status.details.iter().flat_map(|details| &details.causes);
            // An object that was deleted is not found by its uid.
            matches!(answer.status.code, 404 | 409)
                && causes.into_iter().all(|cause| cause.reason != "FieldManagerConflict")
        }
        Failure::Broken(_) | Failure::TimedOut(_) | Failure::Unreadable(_) => false,
    }
}

fn moved(what: &str) -> TargetError {
    TargetError::Moved { message: format!("{what}; it was not changed") }
}

/// Nobody else owned fields of what was not there.
fn made_meanwhile(error: TargetError) -> TargetError {
    match error {
        TargetError::Conflict { message } => TargetError::Moved {
            message: format!("somebody else made it since the plan: {message}"),
        },
        other => other,
    }
}
