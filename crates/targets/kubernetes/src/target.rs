//! A cluster as the engine sees it.

use std::collections::BTreeMap;

use futures::FutureExt;
use futures::future::BoxFuture;
use stackctl_engine::{DigestKey, OnMissing, SecretData, Target, TargetError};
use stackctl_model::{Action, Answer, Preview, Question, Resource, ResourceId};
use stackctl_plan::kubernetes::kinds::ClaimBinding;
use tokio::sync::Mutex;

use crate::hub::Hub;
use crate::kinds::Kinds;
use crate::ledger::HeldLease;
use crate::memory::Memory;
use crate::request::Api;

/// Requests in flight: more make an API server slower, not faster.
pub(crate) const IN_FLIGHT: usize = 8;

/// A cluster.
pub struct Kubernetes {
    pub(crate) api: Api,
    pub(crate) server: String,
    pub(crate) kinds: Kinds,
    pub(crate) hub: Hub,
    pub(crate) key: DigestKey,
    pub(crate) memory: Memory,
    /// The lock, while this run holds it.
    pub(crate) lease: Mutex<Option<HeldLease>>,
    /// When the classes of claims bind, by the class's name.
    pub(crate) classes: Mutex<BTreeMap<String, ClaimBinding>>,
}

impl Kubernetes {
    pub(crate) fn new(api: Api, server: String) -> Self {
        Self {
            api,
            server,
            kinds: Kinds::default(),
            hub: Hub::default(),
            key: DigestKey::of_this_run(),
            memory: Memory::default(),
            lease: Mutex::default(),
            classes: Mutex::default(),
        }
    }

    /// With a key of digests that outlives the run.
    #[must_use]
    pub fn with_key(self, key: DigestKey) -> Self {
        Self { key, ..self }
    }

    /// Says which server was not reached.
    pub(crate) fn located(&self, error: TargetError) -> TargetError {
        match error {
            TargetError::Unreachable { message, hint } => {
                TargetError::Unreachable { message: format!("{message} ({})", self.server), hint }
            }
            TargetError::Transient { .. }
            | TargetError::Conflict { .. }
            | TargetError::Refused { .. }
            | TargetError::Moved { .. }
            | TargetError::Locked { .. } => error,
        }
    }

    /// A right that is missing just after the server came back may not be missing at all.
    fn patient(&self, error: TargetError) -> TargetError {
        match error {
            TargetError::Unreachable { message, .. } if self.api.has_just_come_back() => {
                TargetError::Transient { message, retry_after: None }
            }
            other => other,
        }
    }

    /// The API server's address.
    pub fn server(&self) -> &str {
        &self.server
    }
}

impl Target for Kubernetes {
    fn look<'a>(&'a self, question: &'a Question) -> BoxFuture<'a, Result<Answer, TargetError>> {
        async {
            match question {
                Question::Kubernetes(asked) => {
                    let live = self.look_at(asked).await.map_err(|error| self.located(error))?;
                    Ok(Answer::Kubernetes(Box::new(live)))
                }
                Question::Machine(_) | Question::Authentik | Question::App => {
                    Ok(question.unasked())
                }
            }
        }
        .boxed()
    }

    fn preview<'a>(
        &'a self,
        batch: &'a [(&'a Resource, SecretData)],
    ) -> BoxFuture<'a, Result<BTreeMap<ResourceId, Preview>, TargetError>> {
        self.preview_all(batch).boxed()
    }

    fn apply<'a>(
        &'a self,
        action: &'a Action,
        secrets: &'a SecretData,
    ) -> BoxFuture<'a, Result<(), TargetError>> {
        async {
            let outcome = self.carry_out(action, secrets).await;
            outcome.map_err(|error| self.patient(error))
        }
        .boxed()
    }

    fn ready<'a>(
        &'a self,
        action: &'a Action,
        on_missing: OnMissing<'a>,
    ) -> BoxFuture<'a, Result<(), TargetError>> {
        self.await_ready(action, on_missing).boxed()
    }

    fn limit(&self) -> usize {
        IN_FLIGHT
    }
}
