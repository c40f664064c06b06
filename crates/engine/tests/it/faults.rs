//! A sandbox that is slow, busy and moody on demand.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures::FutureExt;
use futures::future::BoxFuture;
use stackctl_engine::{Beginning, Ledger, OnMissing, SecretData, Target, TargetError};
use stackctl_model::{
    Action, Answer, Desired, Generation, Holder, Preview, Question, Record, Resource, ResourceId,
    SecretValue,
};
use stackctl_plan::StackMark;
use stackctl_sandbox::Sandbox;

/// A sandbox with faults.
pub(crate) struct Faulty {
    inner: Sandbox,
    /// What the next writes of a resource are answered instead.
    pub(crate) refusals: Mutex<BTreeMap<ResourceId, VecDeque<TargetError>>>,
    /// How long each write takes.
    pub(crate) write: Duration,
    /// How long readiness takes.
    pub(crate) ready: BTreeMap<ResourceId, Duration>,
    /// How many writes it takes at once.
    pub(crate) limit: usize,
    pub(crate) prepared: AtomicUsize,
    in_flight: AtomicUsize,
    pub(crate) most_in_flight: AtomicUsize,
    written: Mutex<BTreeSet<ResourceId>>,
}

impl Faulty {
    pub(crate) fn new(folder: &Path) -> Self {
        Self {
            inner: Sandbox::open(folder).unwrap(),
            refusals: Mutex::default(),
            write: Duration::ZERO,
            ready: BTreeMap::new(),
            limit: 4,
            prepared: AtomicUsize::new(0),
            in_flight: AtomicUsize::new(0),
            most_in_flight: AtomicUsize::new(0),
            written: Mutex::default(),
        }
    }

    pub(crate) fn refuse(self, id: &ResourceId, errors: Vec<TargetError>) -> Self {
        self.refusals.lock().unwrap().insert(id.clone(), errors.into());
        self
    }

    pub(crate) fn written(&self) -> BTreeSet<ResourceId> {
        self.written.lock().unwrap().clone()
    }
}

pub(crate) fn busy() -> TargetError {
    TargetError::Transient { message: "too many requests".to_owned(), retry_after: None }
}

pub(crate) fn broken() -> TargetError {
    TargetError::Refused { message: "spec.bogus: field not declared".to_owned(), hint: None }
}

impl Ledger for Faulty {
    fn identity(&self) -> BoxFuture<'_, Result<String, TargetError>> {
        self.inner.identity()
    }

    fn digest(&self, value: &SecretValue) -> String {
        self.inner.digest(value)
    }

    fn record<'a>(&'a self, stack: &'a StackMark) -> BoxFuture<'a, Result<Record, TargetError>> {
        self.inner.record(stack)
    }

    fn lock<'a>(
        &'a self,
        stack: &'a StackMark,
        namespace: Option<&'a Desired>,
        holder: &'a Holder,
    ) -> BoxFuture<'a, Result<u64, TargetError>> {
        self.prepared.fetch_add(1, Ordering::SeqCst);
        self.inner.lock(stack, namespace, holder)
    }

    fn renew(&self) -> BoxFuture<'_, Result<(), TargetError>> {
        self.inner.renew()
    }

    fn release(&self) -> BoxFuture<'_, ()> {
        self.inner.release()
    }

    fn unlock<'a>(
        &'a self,
        stack: &'a StackMark,
    ) -> BoxFuture<'a, Result<Option<String>, TargetError>> {
        self.inner.unlock(stack)
    }

    fn begin<'a>(
        &'a self,
        stack: &'a StackMark,
        apply: Beginning<'a>,
    ) -> BoxFuture<'a, Result<(), TargetError>> {
        self.inner.begin(stack, apply)
    }

    fn end<'a>(
        &'a self,
        stack: &'a StackMark,
        generation: &'a Generation,
    ) -> BoxFuture<'a, Result<(), TargetError>> {
        self.inner.end(stack, generation)
    }

    fn generations<'a>(
        &'a self,
        stack: &'a StackMark,
    ) -> BoxFuture<'a, Result<Vec<Generation>, TargetError>> {
        self.inner.generations(stack)
    }

    fn recording<'a>(
        &'a self,
        stack: &'a StackMark,
        number: u64,
    ) -> BoxFuture<'a, Result<Option<Vec<u8>>, TargetError>> {
        self.inner.recording(stack, number)
    }
}

impl Target for Faulty {
    fn look<'a>(&'a self, question: &'a Question) -> BoxFuture<'a, Result<Answer, TargetError>> {
        self.inner.look(question)
    }

    fn preview<'a>(
        &'a self,
        batch: &'a [(&'a Resource, SecretData)],
    ) -> BoxFuture<'a, Result<BTreeMap<ResourceId, Preview>, TargetError>> {
        self.inner.preview(batch)
    }

    fn apply<'a>(
        &'a self,
        action: &'a Action,
        secrets: &'a SecretData,
    ) -> BoxFuture<'a, Result<(), TargetError>> {
        async {
            let now = self.in_flight.fetch_add(1, Ordering::SeqCst) + 1;
            self.most_in_flight.fetch_max(now, Ordering::SeqCst);
            tokio::time::sleep(self.write).await;
            self.in_flight.fetch_sub(1, Ordering::SeqCst);
            let refusal =
                self.refusals.lock().unwrap().get_mut(&action.id).and_then(VecDeque::pop_front);
            if let Some(refusal) = refusal {
                return Err(refusal);
            }
            self.inner.apply(action, secrets).await?;
            self.written.lock().unwrap().insert(action.id.clone());
            Ok(())
        }
        .boxed()
    }

    fn ready<'a>(
        &'a self,
        action: &'a Action,
        on_missing: OnMissing<'a>,
    ) -> BoxFuture<'a, Result<(), TargetError>> {
        async move {
            if let Some(time) = self.ready.get(&action.id) {
                on_missing("0 of 1 replicas".to_owned());
                tokio::time::sleep(*time).await;
            }
            Ok(())
        }
        .boxed()
    }

    fn limit(&self) -> usize {
        self.limit
    }
}
