//! A cluster as the engine sees it.

use std::collections::{BTreeMap, BTreeSet};

use futures::FutureExt;
use futures::future::BoxFuture;
use kube::Client;
use stackctl_engine::{Observation, OnMissing, SecretData, Target, TargetError};
use stackctl_model::{Action, Desired, Live, Preview, Resource, ResourceId, SecretValue};
use stackctl_plan::kubernetes::ClaimBinding;
use tokio::sync::Mutex;

use crate::hub::Hub;
use crate::kinds::Kinds;
use crate::secret::Digester;

/// Requests in flight: more make an API server slower, not faster.
pub(crate) const IN_FLIGHT: usize = 8;

/// A cluster.
pub struct Kubernetes {
    pub(crate) client: Client,
    /// For watches, which may be silent for long.
    pub(crate) watching: Client,
    pub(crate) server: String,
    pub(crate) kinds: Kinds,
    pub(crate) hub: Hub,
    pub(crate) digester: Digester,
    /// What the last observation found to be the stack's own.
    pub(crate) owned: std::sync::Mutex<BTreeSet<ResourceId>>,
    pub(crate) classes: Mutex<BTreeMap<String, ClaimBinding>>,
}

impl Kubernetes {
    pub(crate) fn new(client: Client, watching: Client, server: String) -> Self {
        Self {
            client,
            watching,
            server,
            kinds: Kinds::default(),
            hub: Hub::default(),
            digester: Digester::new(),
            owned: std::sync::Mutex::default(),
            classes: Mutex::default(),
        }
    }

    /// The API server's address.
    pub fn server(&self) -> &str {
        &self.server
    }

    /// A server that cannot be reached at all is said once, not retried by the planner.
    fn unreachable(&self, error: TargetError) -> TargetError {
        match error {
            TargetError::Transient { message, .. } => TargetError::Unreachable {
                message,
                hint: format!("check that {} answers, or use --sandbox", self.server),
            },
            other => other,
        }
    }
}

impl Target for Kubernetes {
    fn observe<'a>(&'a self, wanted: &'a Observation) -> BoxFuture<'a, Result<Live, TargetError>> {
        async { self.look(wanted).await.map_err(|error| self.unreachable(error)) }.boxed()
    }

    fn preview<'a>(
        &'a self,
        batch: &'a [(&'a Resource, SecretData)],
    ) -> BoxFuture<'a, Result<BTreeMap<ResourceId, Preview>, TargetError>> {
        async { self.preview_all(batch).await.map_err(|error| self.unreachable(error)) }.boxed()
    }

    fn prepare<'a>(
        &'a self,
        wanted: &'a Observation,
        namespace: Option<&'a Desired>,
    ) -> BoxFuture<'a, Result<(), TargetError>> {
        self.keep_record(wanted, namespace).boxed()
    }

    fn apply<'a>(
        &'a self,
        action: &'a Action,
        secrets: &'a SecretData,
    ) -> BoxFuture<'a, Result<(), TargetError>> {
        self.carry_out(action, secrets).boxed()
    }

    fn ready<'a>(
        &'a self,
        action: &'a Action,
        on_missing: OnMissing<'a>,
    ) -> BoxFuture<'a, Result<(), TargetError>> {
        self.await_ready(action, on_missing).boxed()
    }

    fn digest(&self, value: &SecretValue) -> String {
        self.digester.digest(value.expose())
    }

    fn limit(&self) -> usize {
        IN_FLIGHT
    }
}
