//! An apply around its actions: takes the lock, notes what is asked for and what became of it.

use std::time::{Duration, Instant};

use stackctl_model::{Event, Generation, GenerationOutcome, Plan, Report};
use stackctl_plan::StackMark;

use crate::act::Run;
use crate::events::tell;
use crate::{Author, Beginning, EngineError, Ledger, Planned, TargetError, retry};

/// Between two looks at a lock that is held.
const GLANCE: Duration = Duration::from_millis(500);
/// Between two signs of life of a holder: a third of what a lease lasts.
const SIGN_OF_LIFE: Duration = Duration::from_secs(10);
/// How long the last words of a run may take.
const LAST_WORDS: Duration = Duration::from_secs(10);

/// Takes the lock; waits for it no longer than the run may. Fails when another apply ran since the plan.
pub(crate) async fn lock(run: &Run, planned: &Planned) -> Result<(), EngineError> {
    let ledger = run.targets.ledger.as_ref();
    let holder = &run.options.author.holder;
    let end = Instant::now() + run.options.lock_timeout;
    let mut attempt = 1;
    let mut is_announced = false;
    loop {
        let taken = ledger.lock(&planned.mark, planned.namespace.as_ref(), holder);
        let error = match taken.await {
            Ok(last) if last == planned.live.generation() => return Ok(()),
            Ok(last) => {
                ledger.release().await;
                return Err(EngineError::Overtaken { planned: planned.live.generation(), last });
            }
            Err(error) => error,
        };
        let pause = match &error {
            TargetError::Locked { message } if Instant::now() < end => {
                if !is_announced {
                    tell(&run.events, Event::WaitingForLock { message: message.clone() });
                    is_announced = true;
                }
                GLANCE
            }
            other => {
                attempt += 1;
                match retry::pause(other, attempt) {
                    Some(pause) => pause,
                    None => return Err(EngineError::Prepare(error)),
                }
            }
        };
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = run.cancel.asked(1) => return Err(EngineError::Prepare(error)),
        }
    }
}

/// Notes an apply before its first write.
pub(crate) async fn begin(
    ledger: &dyn Ledger,
    planned: &Planned,
    author: &Author,
) -> Result<Generation, EngineError> {
    let generation = Generation {
        number: planned.record.generation,
        goal: author.goal.clone(),
        holder: author.holder.clone(),
        source: author.source.clone(),
        begun: now(),
        summary: planned.plan.summary,
        outcome: GenerationOutcome::Unfinished,
        report: String::new(),
    };
    let recording = stackctl_plan::record(planned.resources.iter());
    let apply =
        Beginning { generation: &generation, record: &planned.record, recording: &recording };
    let noted = retry::look(|| ledger.begin(&planned.mark, apply)).await;
    match noted {
        Ok(()) => Ok(generation),
        Err(error) => {
            ledger.release().await;
            Err(EngineError::Prepare(error))
        }
    }
}

/// Shows signs of life for as long as it is awaited; returns when the lock is lost.
pub(crate) async fn stay_alive(ledger: &dyn Ledger) -> TargetError {
    loop {
        tokio::time::sleep(SIGN_OF_LIFE).await;
        if let Err(error @ TargetError::Locked { .. }) = ledger.renew().await {
            return error;
        }
    }
}

/// Notes what became of an apply, and gives the lock back. What cannot be noted is not a failure: the
/// work is done, and the next apply begins from what is there.
pub(crate) async fn end(
    ledger: &dyn Ledger,
    planned: &Planned,
    mut generation: Generation,
    report: &Report,
) {
    generation.outcome = match report {
        report if report.is_complete() => GenerationOutcome::Done,
        report if !report.cancelled.is_empty() => GenerationOutcome::Stopped,
        _ => GenerationOutcome::Partly,
    };
    generation.report = in_words(&planned.plan, report);
    let last_words = async {
        let _ = ledger.end(&planned.mark, &generation).await;
        ledger.release().await;
    };
    let _ = tokio::time::timeout(LAST_WORDS, last_words).await;
}

fn in_words(plan: &Plan, report: &Report) -> String {
    let left = plan.actions.len() - report.done.len();
    match report.failed.first() {
        None if left == 0 => format!("{} done", report.done.len()),
        None => format!("{} done, {left} left", report.done.len()),
        Some((id, _)) => format!("{} done, {left} left, {id} failed", report.done.len()),
    }
}

fn now() -> String {
    let now = jiff::Timestamp::now();
    now.round(jiff::Unit::Second).unwrap_or(now).to_string()
}

/// The applies that a target remembers of a stack, the first first.
pub async fn generations(
    ledger: &dyn Ledger,
    mark: &StackMark,
) -> Result<Vec<Generation>, EngineError> {
    retry::look(|| ledger.generations(mark)).await.map_err(EngineError::Observe)
}

/// What one of them asked for.
pub async fn recording(
    ledger: &dyn Ledger,
    mark: &StackMark,
    number: u64,
) -> Result<Option<Vec<u8>>, EngineError> {
    retry::look(|| ledger.recording(mark, number)).await.map_err(EngineError::Observe)
}

/// Takes a stack's lock from whoever has it; says who that was.
pub async fn unlock(ledger: &dyn Ledger, mark: &StackMark) -> Result<Option<String>, EngineError> {
    ledger.unlock(mark).await.map_err(EngineError::Prepare)
}
