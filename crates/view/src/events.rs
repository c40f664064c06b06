//! What happens while a plan is carried out, as lines and as JSON; and what became of it.

use std::fmt::{Result, Write};

use stackctl_model::{Event, GenerationGoal, Outcome, Report};

use crate::Style;
use crate::style::{GREEN, RED, YELLOW, inert, verb};

/// One event as one line for people; nothing for those that need none.
pub fn event_line(event: &Event, style: Style, timestamp: Option<&str>) -> Option<String> {
    let text = match event {
        Event::Started { .. } | Event::ActionStarted { .. } | Event::Finished { .. } => {
            return None;
        }
        Event::Waiting { id, missing } => format!("{id}: {}", inert(missing)),
        Event::Retrying { id, attempt, pause, cause } => {
            format!("{id}: {}; attempt {} in {pause} ms", inert(cause), attempt + 1)
        }
        Event::WaitingForLock { message } => format!("waiting: {}", inert(message)),
        Event::LockLost { message } => {
            style.paint(RED, &format!("the lock is lost: {}", inert(message)))
        }
        Event::Stopping => {
            "stopping: what is in flight is finished, nothing new is begun".to_owned()
        }
        Event::ActionEnded { id, action, outcome, elapsed } => {
            let seconds = std::time::Duration::from_millis(*elapsed).as_secs_f64();
            let (color, end) = match outcome {
                Outcome::Done => (GREEN, format!("done in {seconds:.1} s")),
                Outcome::Failed { failure } => {
                    (RED, format!("failed: {}", inert(&failure.message)))
                }
                Outcome::TimedOut { missing } => {
                    (RED, format!("not ready in time: {}", inert(missing)))
                }
                Outcome::Skipped { because } => (YELLOW, format!("skipped because of {because}")),
                Outcome::Deferred { reason } => {
                    (YELLOW, format!("left for a later run: {}", inert(reason)))
                }
                Outcome::Cancelled => (YELLOW, "not begun".to_owned()),
            };
            style.paint(color, &format!("{} {id} {end}", verb(*action)))
        }
    };
    Some(timestamp.map_or_else(|| text.clone(), |time| format!("{time} {text}")))
}

/// One event as one JSON document in one line.
pub fn event_json(event: &Event) -> String {
    serde_json::to_string(event).expect("an event is plain data")
}

/// What became of a run, in the words of what it was for. The last line is the summary.
pub fn report_text(
    report: &Report,
    goal: &GenerationGoal,
    style: Style,
    out: &mut dyn Write,
) -> Result {
    unfinished(report, style, out)?;
    let (done, seconds) = (goal.done(), report.elapsed.as_secs_f64());
    if report.is_complete() {
        return writeln!(out, "{done}: {} done in {seconds:.1} s", report.done.len());
    }
    let command = goal.command();
    writeln!(
        out,
        "Next: mend what failed and run stackctl {command} again; it goes on from what is there"
    )?;
    writeln!(
        out,
        "Partly {}: {} done, {} failed, {} not ready in time, {} skipped, {} deferred, {} not begun",
        done.to_lowercase(),
        report.done.len(),
        report.failed.len(),
        report.timed_out.len(),
        report.skipped.len(),
        report.deferred.len(),
        report.cancelled.len()
    )
}

/// All that did not end well, with what to do about it.
fn unfinished(report: &Report, style: Style, out: &mut dyn Write) -> Result {
    for (id, failure) in &report.failed {
        out.write_str(&style.wrapped(
            "failed: ",
            "  ",
            &format!("{id}: {}", inert(&failure.message)),
        ))?;
        if let Some(hint) = &failure.hint {
            out.write_str(&style.wrapped("  Next: ", "    ", hint))?;
        }
    }
    for (id, missing) in &report.timed_out {
        out.write_str(&style.wrapped(
            "not ready in time: ",
            "  ",
            &format!("{id}: {}", inert(missing)),
        ))?;
    }
    for (id, because) in &report.skipped {
        out.write_str(&style.wrapped("skipped: ", "  ", &format!("{id}, because of {because}")))?;
    }
    for id in &report.cancelled {
        writeln!(out, "not begun: {id}")?;
    }
    for (id, reason) in &report.deferred {
        out.write_str(&style.wrapped("deferred: ", "  ", &format!("{id}: {}", inert(reason))))?;
    }
    Ok(())
}
