//! Carries out one action: writes it, tries again what may pass, waits until it is ready.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use stackctl_model::{Action, ActionFailure, Event, Held, Operation, Outcome, System};
use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::events::tell;
use crate::{
    CancelToken, ExecuteOptions, OnMissing, SecretData, Target, TargetError, Targets, retry,
};

/// What all actions of a run share.
pub(crate) struct Run {
    pub(crate) targets: Targets,
    pub(crate) events: UnboundedSender<Event>,
    pub(crate) cancel: CancelToken,
    pub(crate) options: ExecuteOptions,
    /// Writes that may be in flight, by system; those who only wait for readiness hold none.
    writes: BTreeMap<System, Semaphore>,
}

impl Run {
    /// A run in which each target takes as many writes at once as it says.
    pub(crate) fn new(
        targets: Targets,
        options: ExecuteOptions,
        cancel: CancelToken,
        events: UnboundedSender<Event>,
    ) -> Self {
        let at_once = |limit: usize| Semaphore::new(options.parallelism.unwrap_or(limit).max(1));
        let systems = targets.by_system.iter();
        let writes = systems.map(|(system, target)| (*system, at_once(target.limit()))).collect();
        Self { targets, events, cancel, options, writes }
    }

    /// Carries out an action from its start to its readiness.
    pub(crate) async fn carry_out<'p>(
        &self,
        action: &'p Action,
        secrets: SecretData,
    ) -> (&'p Action, Outcome) {
        let begun;
        let outcome = match self.permit(action).await {
            None => {
                begun = Instant::now();
                Outcome::Cancelled
            }
            Some(permit) => {
                begun = Instant::now();
                let event = Event::ActionStarted { id: action.id.clone(), action: action.kind() };
                tell(&self.events, event);
                self.write_and_wait(action, &secrets, permit).await
            }
        };
        let event = Event::ActionEnded {
            id: action.id.clone(),
            action: action.kind(),
            outcome: outcome.clone(),
            elapsed: milliseconds(begun.elapsed()),
        };
        tell(&self.events, event);
        (action, outcome)
    }

    /// A place among the writes in flight; none once the run is to stop. Nobody waits for a place where there
    /// is no target.
    async fn permit(&self, action: &Action) -> Option<Option<SemaphorePermit<'_>>> {
        let Some(writes) = action.id.system().and_then(|system| self.writes.get(&system)) else {
            return Some(None);
        };
        tokio::select! {
            biased;
            () = self.cancel.asked(1) => None,
            permit = writes.acquire() => permit.ok().map(Some),
        }
    }

    async fn write_and_wait(
        &self,
        action: &Action,
        secrets: &SecretData,
        permit: Option<SemaphorePermit<'_>>,
    ) -> Outcome {
        let Some(target) = self.targets.of(&action.id) else {
            return Outcome::Failed { failure: failure(&left_alone(action)) };
        };
        let written = self.write(target.as_ref(), action, secrets).await;
        drop(permit);
        match written {
            Err(error) => Outcome::Failed { failure: failure(&error) },
            Ok(()) if self.options.wait => self.wait(target.as_ref(), action).await,
            Ok(()) => Outcome::Done,
        }
    }

    /// Writes, and tries again what may pass. Ends without an answer when asked twice to stop.
    async fn write(
        &self,
        target: &dyn Target,
        action: &Action,
        secrets: &SecretData,
    ) -> Result<(), TargetError> {
        match &action.operation {
            Operation::Held(held) => return refusal(held).map_or(Ok(()), Err),
            Operation::Wait(_) => return Ok(()),
            Operation::Create(_)
            | Operation::Update(_)
            | Operation::Adopt(_)
            | Operation::Replace(_)
            | Operation::Delete(_)
            | Operation::Retire(_)
            | Operation::TakeBack { .. }
            | Operation::Release(_)
            | Operation::OnMachine(_) => {}
        }
        tokio::select! {
            biased;
            outcome = self.write_patiently(target, action, secrets) => outcome,
            () = self.cancel.asked(2) => Err(TargetError::Transient {
                message: "stopped before the target answered; it may have been written".to_owned(),
                retry_after: None,
            }),
        }
    }

    async fn write_patiently(
        &self,
        target: &dyn Target,
        action: &Action,
        secrets: &SecretData,
    ) -> Result<(), TargetError> {
        let mut attempt = 1;
        loop {
            let Err(error) = target.apply(action, secrets).await else {
                return Ok(());
            };
            attempt += 1;
            let Some(pause) = retry::pause(&error, attempt) else { return Err(error) };
            let event = Event::Retrying {
                id: action.id.clone(),
                attempt: attempt - 1,
                pause: milliseconds(pause),
                cause: error.to_string(),
            };
            tell(&self.events, event);
            tokio::time::sleep(pause).await;
        }
    }

    async fn wait(&self, target: &dyn Target, action: &Action) -> Outcome {
        let missing = Mutex::new("an answer".to_owned());
        let on_missing = |words: String| {
            missing.lock().unwrap_or_else(PoisonError::into_inner).clone_from(&words);
            tell(&self.events, Event::Waiting { id: action.id.clone(), missing: words });
        };
        let outcome = tokio::select! {
            biased;
            outcome = await_ready(target, action, &on_missing) => Some(outcome),
            () = tokio::time::sleep(self.options.timeout) => None,
            () = self.cancel.asked(2) => None,
        };
        match outcome {
            Some(Ok(())) => Outcome::Done,
            Some(Err(error)) => Outcome::Failed { failure: failure(&error) },
            None => Outcome::TimedOut {
                missing: missing.into_inner().unwrap_or_else(PoisonError::into_inner),
            },
        }
    }
}

/// Waits, and begins anew when the connection breaks.
async fn await_ready(
    target: &dyn Target,
    action: &Action,
    on_missing: OnMissing<'_>,
) -> Result<(), TargetError> {
    let mut attempt = 1;
    loop {
        let Err(error) = target.ready(action, on_missing).await else {
            return Ok(());
        };
        attempt += 1;
        let Some(pause) = retry::pause(&error, attempt) else { return Err(error) };
        on_missing(error.to_string());
        tokio::time::sleep(pause).await;
    }
}

/// What is said where there is no target.
fn left_alone(action: &Action) -> TargetError {
    let message = match action.id.system() {
        Some(system) => format!("{} was not changed: {system} are left alone", action.id),
        None => format!("{} was not changed: nothing manages it yet", action.id),
    };
    TargetError::Refused { message, hint: None }
}

fn milliseconds(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

/// The failure that an action comes to which is held; none where it is left for a later run.
fn refusal(held: &Held) -> Option<TargetError> {
    match held {
        Held::Deferred { .. } => None,
        Held::Foreign { why } | Held::Refused { why, .. } => {
            Some(TargetError::Refused { message: why.clone(), hint: None })
        }
        Held::Conflict { why, .. } => Some(TargetError::Conflict { message: why.clone() }),
        Held::Unreachable { why } => Some(TargetError::Unreachable {
            message: why.clone(),
            hint:
                "mend the way to it and run the same command again; optional=#true if it may be off"
                    .to_owned(),
        }),
    }
}

fn failure(error: &TargetError) -> ActionFailure {
    ActionFailure { message: error.to_string(), hint: error.hint(), class: error.class() }
}
