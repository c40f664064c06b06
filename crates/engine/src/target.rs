//! Where resources live, as the executor sees it.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use futures::future::BoxFuture;
use stackctl_model::{
    Action, FailureClass, GroupVersionKind, Inhabitant, Live, Preview, Resource, ResourceId,
    SecretValue,
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

/// A place where resources live. Each method sends its requests once; the executor alone retries.
pub trait Target: Ledger {
    /// Lists what carries the stack's mark, one request per kind, all of them in parallel.
    fn observe<'a>(&'a self, wanted: &'a Observation) -> BoxFuture<'a, Result<Live, TargetError>>;

    /// What writing each would come to, without writing.
    fn preview<'a>(
        &'a self,
        batch: &'a [(&'a Resource, SecretData)],
    ) -> BoxFuture<'a, Result<BTreeMap<ResourceId, Preview>, TargetError>>;

    /// Carries out one action's operation. Safe to repeat: a lost answer may hide a write that landed.
    fn apply<'a>(
        &'a self,
        action: &'a Action,
        secrets: &'a SecretData,
    ) -> BoxFuture<'a, Result<(), TargetError>>;

    /// Waits until what was written is ready (or gone, after a delete). Ends when dropped.
    fn ready<'a>(
        &'a self,
        action: &'a Action,
        on_missing: OnMissing<'a>,
    ) -> BoxFuture<'a, Result<(), TargetError>>;

    /// Everything that somebody put into a namespace.
    fn inhabitants<'a>(
        &'a self,
        namespace: &'a str,
    ) -> BoxFuture<'a, Result<Vec<Inhabitant>, TargetError>>;

    /// What tells this target from every other, for as long as it exists.
    fn identity(&self) -> BoxFuture<'_, Result<String, TargetError>>;

    /// A keyed digest of a secret's value, comparable with those in [`Live::digests`].
    fn digest(&self, value: &SecretValue) -> String;

    /// How many requests may be in flight.
    fn limit(&self) -> usize;
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
