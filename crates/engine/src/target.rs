//! Where resources live, as the engine sees it: anything that can be looked at and written to.

use std::collections::BTreeMap;
use std::sync::Arc;

use futures::FutureExt;
use futures::future::BoxFuture;
use stackctl_model::{
    Action, Answer, Preview, Question, Resource, ResourceId, SecretValue, System,
};

use crate::{Ledger, TargetError};

/// Secret values for the `data` of one object, by key. A key that is missing is left as it is live.
pub type SecretData = BTreeMap<String, SecretValue>;

/// Told while readiness is awaited: what is missing, in words. Called only when the words change.
pub type OnMissing<'a> = &'a (dyn Fn(String) + Send + Sync);

/// Where the resources of one system live. Each method sends its requests once; the engine alone retries.
pub trait Target: Send + Sync {
    /// Answers what the planner asks. What cannot be reached in part is an answer, not an error.
    fn look<'a>(&'a self, question: &'a Question) -> BoxFuture<'a, Result<Answer, TargetError>>;

    /// What writing each would come to, without writing; nothing where that cannot be asked.
    fn preview<'a>(
        &'a self,
        _batch: &'a [(&'a Resource, SecretData)],
    ) -> BoxFuture<'a, Result<BTreeMap<ResourceId, Preview>, TargetError>> {
        std::future::ready(Ok(BTreeMap::new())).boxed()
    }

    /// Carries out one action's operation, be it a write or a deletion. Safe to repeat: a lost answer may
    /// hide a write that landed.
    fn apply<'a>(
        &'a self,
        action: &'a Action,
        secrets: &'a SecretData,
    ) -> BoxFuture<'a, Result<(), TargetError>>;

    /// Waits until what was written is ready (or gone, after a delete). Ends when dropped. At once, where
    /// what is written is ready.
    fn ready<'a>(
        &'a self,
        _action: &'a Action,
        _on_missing: OnMissing<'a>,
    ) -> BoxFuture<'a, Result<(), TargetError>> {
        std::future::ready(Ok(())).boxed()
    }

    /// How many requests may be in flight.
    fn limit(&self) -> usize;
}

/// All that a stack is applied to. A system without a target is neither looked at nor changed.
#[derive(Clone)]
pub struct Targets {
    pub(crate) by_system: BTreeMap<System, Arc<dyn Target>>,
    /// Where the stack's own record is.
    pub ledger: Arc<dyn Ledger>,
}

impl Targets {
    /// A ledger, and no target yet.
    pub fn new(ledger: Arc<dyn Ledger>) -> Self {
        Self { by_system: BTreeMap::new(), ledger }
    }

    /// One place that plays all systems.
    pub fn all_in<T: Target + Ledger + 'static>(place: &Arc<T>) -> Self {
        let all = Self::new(Arc::clone(place) as Arc<dyn Ledger>);
        System::ALL
            .into_iter()
            .fold(all, |all, system| all.with(system, Arc::clone(place) as Arc<dyn Target>))
    }

    /// The same, with a target for a system.
    #[must_use]
    pub fn with(mut self, system: System, target: Arc<dyn Target>) -> Self {
        self.by_system.insert(system, target);
        self
    }

    /// The same, with a system left alone.
    #[must_use]
    pub fn without(mut self, system: System) -> Self {
        self.by_system.remove(&system);
        self
    }

    /// What holds a resource.
    pub fn of(&self, id: &ResourceId) -> Option<&Arc<dyn Target>> {
        self.by_system.get(&id.system()?)
    }
}
