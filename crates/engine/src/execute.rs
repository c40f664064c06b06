//! Carries out a plan: walks the graph, as much at once as the target allows, and tells events.

use std::collections::BTreeMap;
use std::pin::pin;
use std::sync::Arc;
use std::time::Instant;

use futures::StreamExt;
use futures::future::{Either, select};
use futures::stream::FuturesUnordered;
use stackctl_model::{Action, Event, Outcome, Plan, Report, ResourceId, SecretSource};
use stackctl_plan::{Ended, Queue};
use tokio::sync::mpsc::UnboundedSender;

use crate::act::Run;
use crate::events::tell;
use crate::secrets::SecretReader;
use crate::{CancelToken, EngineError, ExecuteOptions, Planned, SecretData, Targets, record};

/// The values of all secrets that a plan writes.
type Secrets = BTreeMap<ResourceId, SecretData>;

/// Carries out a plan. An error means that no resource was changed, such as when a secret is missing.
///
/// What is asked once through `cancel` ends what is in flight and starts nothing new; asked twice, it
/// ends at once.
pub async fn execute(
    targets: Targets,
    planned: Planned,
    options: ExecuteOptions,
    cancel: CancelToken,
    events: UnboundedSender<Event>,
) -> Result<Report, EngineError> {
    let begun = Instant::now();
    let secrets = read_secrets(&planned.plan, &planned.reader).await?;
    let ledger = Arc::clone(&targets.ledger);
    let run = Run::new(targets, options, cancel, events);
    let generation = if planned.plan.actions.iter().any(|action| action.operation.is_write()) {
        record::lock(&run, &planned).await?;
        Some(record::begin(ledger.as_ref(), &planned, &run.options.author).await?)
    } else {
        None
    };
    tell(&run.events, Event::Started { actions: planned.plan.actions.len() });
    let mut report = guarded(&run, &planned.plan, secrets, generation.is_some()).await;
    if let Some(generation) = generation {
        record::end(ledger.as_ref(), &planned, generation, &report).await;
    }
    report.elapsed = begun.elapsed();
    tell(&run.events, Event::Finished { report: report.clone() });
    Ok(report)
}

/// Walks the plan under the lock; nothing new is begun once that is lost.
async fn guarded(run: &Run, plan: &Plan, mut secrets: Secrets, is_locked: bool) -> Report {
    let walk = pin!(walk(run, plan, &mut secrets));
    if !is_locked {
        return walk.await;
    }
    match select(walk, pin!(record::stay_alive(run.targets.ledger.as_ref()))).await {
        Either::Left((report, _)) => report,
        Either::Right((lost, walk)) => {
            tell(&run.events, Event::LockLost { message: lost.to_string() });
            run.cancel.cancel();
            walk.await
        }
    }
}

/// Reads every secret the plan writes before anything is written.
async fn read_secrets(plan: &Plan, reader: &Arc<SecretReader>) -> Result<Secrets, EngineError> {
    let holes = || {
        let written =
            plan.actions.iter().filter_map(|action| Some((action, action.operation.applied()?)));
        written.flat_map(|(action, object)| {
            let wanted = object.secrets.iter().filter(|(key, source)| !keeps(action, key, source));
            wanted.map(|(key, source)| (&action.id, key, source))
        })
    };
    let unknown =
        holes().map(|(_, _, source)| source).filter(|source| reader.known(source).is_none());
    // Told again, with whose it is, by the loop below.
    let _ = reader.read_ahead(unknown.cloned().collect()).await;
    let mut read = Secrets::new();
    let mut failed = Vec::new();
    for (id, key, source) in holes() {
        match reader.read(source) {
            Ok(value) => {
                read.entry(id.clone()).or_default().insert(key.clone(), value);
            }
            Err(error) => failed.push((id.clone(), key.clone(), error)),
        }
    }
    if failed.is_empty() { Ok(read) } else { Err(EngineError::Secrets { secrets: failed }) }
}

/// Whether a value stays as it is live, since nobody knows another.
fn keeps(action: &Action, key: &str, source: &SecretSource) -> bool {
    *source == SecretSource::Unrecorded
        && action.operation.seen().is_some_and(|seen| seen.digests.contains_key(key))
}

/// The loop: starts what may start, waits for one to end, notes it, again.
async fn walk(run: &Run, plan: &Plan, secrets: &mut Secrets) -> Report {
    let actions: BTreeMap<_, _> = plan.actions.iter().map(|action| (&action.id, action)).collect();
    let mut records = Records { run, actions, queue: Queue::new(plan), report: Report::default() };
    let mut running = FuturesUnordered::new();
    let mut stopping = false;
    loop {
        if run.cancel.is_cancelled() && !stopping {
            stopping = true;
            tell(&run.events, Event::Stopping);
            records.stop();
        }
        while let Some(id) = records.queue.start_next() {
            let Some(action) = records.actions.get(&id).copied() else { continue };
            if action.operation.is_deferred() {
                records.defer(action);
            } else {
                let secrets = secrets.remove(&id).unwrap_or_default();
                running.push(run.carry_out(action, secrets));
            }
        }
        tokio::select! {
            ended = running.next() => match ended {
                Some((action, outcome)) => records.note(action, outcome),
                None => break,
            },
            () = run.cancel.asked(1), if !stopping => {}
        }
    }
    records.into_report()
}

/// What has become of each action so far.
struct Records<'a> {
    run: &'a Run,
    actions: BTreeMap<&'a ResourceId, &'a Action>,
    queue: Queue,
    report: Report,
}

impl Records<'_> {
    fn note(&mut self, action: &Action, outcome: Outcome) {
        let id = action.id.clone();
        let ended = if outcome == Outcome::Done { Ended::Well } else { Ended::Badly };
        match outcome {
            Outcome::Done => self.report.done.push(id),
            Outcome::Failed { failure } => self.report.failed.push((id, failure)),
            Outcome::TimedOut { missing } => self.report.timed_out.push((id, missing)),
            Outcome::Skipped { because } => self.report.skipped.push((id, because)),
            Outcome::Deferred { reason } => self.report.deferred.push((id, reason)),
            Outcome::Cancelled => self.report.cancelled.push(id),
        }
        for skipped in self.queue.finish(&action.id, ended) {
            self.tell_end(&skipped.id, Outcome::Skipped { because: skipped.because.clone() });
            self.report.skipped.push((skipped.id, skipped.because));
        }
    }

    /// Leaves an action for a later run.
    fn defer(&mut self, action: &Action) {
        let outcome = Outcome::Deferred { reason: action.reason.clone() };
        self.tell_end(&action.id, outcome.clone());
        self.note(action, outcome);
    }

    /// Gives up on all that has not begun.
    fn stop(&mut self) {
        for id in self.queue.stop() {
            self.tell_end(&id, Outcome::Cancelled);
            self.report.cancelled.push(id);
        }
    }

    /// Tells the end of an action that never began.
    fn tell_end(&self, id: &ResourceId, outcome: Outcome) {
        if let Some(action) = self.actions.get(id) {
            let event =
                Event::ActionEnded { id: id.clone(), action: action.kind(), outcome, elapsed: 0 };
            tell(&self.run.events, event);
        }
    }

    fn into_report(self) -> Report {
        let mut report = self.report;
        report.done.sort();
        report.failed.sort_by(|a, b| a.0.cmp(&b.0));
        report.timed_out.sort();
        report.skipped.sort();
        report.cancelled.sort();
        report.deferred.sort();
        report
    }
}
