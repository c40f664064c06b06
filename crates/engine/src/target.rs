//! Where resources live, as the executor sees it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt;
use futures::future::BoxFuture;
use stackctl_model::{
    Action, FailureClass, GroupVersionKind, Inhabitant, Live, Machine, NodeSetting, ObjectId,
    Preview, Reach, Resource, ResourceId, SecretValue,
};

use stackctl_plan::StackMark;

use crate::Ledger;

/// What to look at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Observation {
    /// The stack's mark: the value of the `ApplySet` label.
    pub mark: String,
    /// The stack's name.
    pub stack: String,
    /// The stack's namespace, where its own record lives.
    pub namespace: String,
    /// Whether to look at what the stack has retired, instead of what it owns.
    pub retired: bool,
    /// Kinds of the desired objects.
    pub kinds: BTreeSet<GroupVersionKind>,
    /// Namespaces of the desired objects.
    pub namespaces: BTreeSet<String>,
    /// Machines on which the stack has, or may have, something of its own.
    pub machines: BTreeMap<String, Reach>,
}

impl Observation {
    /// A stack, and none of its objects.
    pub fn of(mark: &StackMark) -> Self {
        Self {
            mark: mark.value(),
            stack: mark.name.clone(),
            namespace: mark.namespace.clone(),
            ..Self::default()
        }
    }
}

/// Secret values for the `data` of one object, by key. A key that is missing is left as it is live.
pub type SecretData = BTreeMap<String, SecretValue>;

/// Told while readiness is awaited: what is missing, in words. Called only when the words change.
pub type OnMissing<'a> = &'a (dyn Fn(String) + Send + Sync);

/// What can carry out actions. Each method sends its requests once; the executor alone retries.
pub trait Target: Send + Sync {
    /// Carries out one action's operation. Safe to repeat: a lost answer may hide a write that landed.
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

/// Where Kubernetes objects live, and with them the stack's own record.
pub trait Cluster: Target + Ledger {
    /// Lists what carries the stack's mark, one request per kind, all of them in parallel.
    fn observe<'a>(&'a self, wanted: &'a Observation) -> BoxFuture<'a, Result<Live, TargetError>>;

    /// What writing each would come to, without writing.
    fn preview<'a>(
        &'a self,
        batch: &'a [(&'a Resource, SecretData)],
    ) -> BoxFuture<'a, Result<BTreeMap<ResourceId, Preview>, TargetError>>;

    /// Everything that somebody put into a namespace.
    fn inhabitants<'a>(
        &'a self,
        namespace: &'a str,
    ) -> BoxFuture<'a, Result<Vec<Inhabitant>, TargetError>>;

    /// Whether an object is there, whoever made it. What may not be looked at counts as there.
    fn has<'a>(&'a self, id: &'a ObjectId) -> BoxFuture<'a, Result<bool, TargetError>>;

    /// What tells this cluster from every other, for as long as it exists.
    fn identity(&self) -> BoxFuture<'_, Result<String, TargetError>>;

    /// A keyed digest of a secret's value, comparable with those in [`Live::digests`].
    fn digest(&self, value: &SecretValue) -> String;
}

/// What to look at on one machine.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// The stack's name, which its files on the machine carry.
    pub stack: String,
    /// How the machine is reached.
    pub reach: Reach,
    /// What the stack asks of it.
    pub settings: Vec<NodeSetting>,
    /// Whether to count the use of inotify too.
    pub inotify: bool,
}

/// The machines of a stack.
pub trait Machines: Target {
    /// Looks at machines, all at once. What cannot be reached is an answer, not an error.
    fn look<'a>(
        &'a self,
        asked: &'a BTreeMap<String, Asked>,
    ) -> BoxFuture<'a, BTreeMap<String, Machine>>;
}

/// All that a stack is applied to.
#[derive(Clone)]
pub struct Targets {
    /// Where its objects live.
    pub cluster: Arc<dyn Cluster>,
    /// Its machines.
    pub machines: Arc<dyn Machines>,
}

impl Targets {
    /// A cluster alone: machines are neither looked at nor changed.
    pub fn without_machines(cluster: Arc<dyn Cluster>) -> Self {
        Self { cluster, machines: Arc::new(NoMachines) }
    }

    /// What carries out an action on a resource.
    pub fn of(&self, id: &ResourceId) -> &dyn Target {
        match id {
            ResourceId::Machine(_) => self.machines.as_ref(),
            ResourceId::Object(_)
            | ResourceId::Authentik { .. }
            | ResourceId::App { .. }
            | ResourceId::Stack { .. } => self.cluster.as_ref(),
        }
    }
}

/// Machines that nobody may look at.
struct NoMachines;

impl Target for NoMachines {
    fn apply<'a>(
        &'a self,
        action: &'a Action,
        _secrets: &'a SecretData,
    ) -> BoxFuture<'a, Result<(), TargetError>> {
        let message = format!("{} was not changed: machines are left alone", action.id);
        async { Err(TargetError::Refused { message, hint: None }) }.boxed()
    }

    fn limit(&self) -> usize {
        1
    }
}

impl Machines for NoMachines {
    fn look<'a>(
        &'a self,
        asked: &'a BTreeMap<String, Asked>,
    ) -> BoxFuture<'a, BTreeMap<String, Machine>> {
        let unasked = asked.keys().map(|node| (node.clone(), Machine::Unasked)).collect();
        std::future::ready(unasked).boxed()
    }
}

/// Why a target did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum TargetError {
    /// No answer, or the credentials are refused. Exit code 10.
    #[error("{message}")]
    Unreachable {
        /// What happened, in words, with where.
        message: String,
        /// What to do.
        hint: String,
    },
    /// May pass: 429, 502, 503, 504, a broken connection. Retried.
    #[error("{message}")]
    Transient {
        /// What happened.
        message: String,
        /// The pause the target asked for.
        retry_after: Option<Duration>,
    },
    /// Another manager owns a field. Exit code 7.
    #[error("{message}")]
    Conflict {
        /// Which fields, and whose.
        message: String,
    },
    /// Another run holds the target's lock. Exit code 6.
    #[error("{message}")]
    Locked {
        /// Who holds it, and where.
        message: String,
    },
    /// What is there is no longer what was planned for. Exit code 4.
    #[error("{message}")]
    Moved {
        /// What moved, and what was not changed.
        message: String,
    },
    /// The target will not do it; retrying would not help.
    #[error("{message}")]
    Refused {
        /// The target's reason.
        message: String,
        /// What to do, where that is known.
        hint: Option<String>,
    },
}

impl TargetError {
    /// What to do next, where that is known.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Unreachable { hint, .. } => Some(hint.clone()),
            Self::Refused { hint, .. } => hint.clone(),
            Self::Transient { .. } => Some("run the same command again".to_owned()),
            Self::Locked { .. } => Some(
                "wait for it (--lock-timeout 5m does), or take the lock with stackctl unlock if its holder will \
                 not come back"
                    .to_owned(),
            ),
            Self::Moved { .. } => Some("plan again, and look at what has changed".to_owned()),
            Self::Conflict { .. } => None,
        }
    }

    /// Which exit code it asks for.
    pub fn class(&self) -> FailureClass {
        match self {
            Self::Unreachable { .. } => FailureClass::Unreachable,
            Self::Conflict { .. } => FailureClass::Conflict,
            Self::Locked { .. } => FailureClass::Locked,
            Self::Moved { .. } => FailureClass::Moved,
            Self::Transient { .. } | Self::Refused { .. } => FailureClass::Other,
        }
    }
}
