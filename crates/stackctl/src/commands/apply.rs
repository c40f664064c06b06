//! `stackctl apply`: plans, shows, asks, applies.

use std::path::Path;

use stackctl_engine::{CancelToken, EngineError, ExecuteOptions};
use stackctl_model::{GenerationGoal, Plan, PublishedPlan, Report};
use stackctl_plan::{Goal, PlanScope};
use tokio::sync::mpsc;

use crate::args::{ApplyArgs, ApplyFormat, PlanFormat, WorkArgs};
use crate::error::{Error, class_exit};
use crate::exit::Exit;
use crate::planning::{self, PlanPurpose, PlannedStack};
use crate::progress::Progress;
use crate::signals::{self, Stopped};
use crate::terminal::Terminal;
use crate::{author, saved};

pub(crate) fn run(args: &ApplyArgs, terminal: &mut Terminal) -> Result<Exit, Error> {
    if let Some(path) = &args.plan {
        return carry_out_saved(path, &args.work, terminal);
    }
    let scope = planning::scope(Goal::Apply, &args.select, &args.allow);
    carry_out(&args.work, &scope, terminal)
}

/// Plans for a goal and carries the plan out.
pub(crate) fn carry_out(
    args: &WorkArgs,
    scope: &PlanScope,
    terminal: &mut Terminal,
) -> Result<Exit, Error> {
    let purpose = || PlanPurpose::now(scope.clone());
    let goal = generation_goal(scope.goal);
    planning::block_on(ask_and_finish(args, &goal, &purpose, terminal))
}

/// Plans, shows, asks and carries out; once more where another apply came in between.
pub(crate) async fn ask_and_finish(
    args: &WorkArgs,
    goal: &GenerationGoal,
    purpose: &dyn Fn() -> PlanPurpose,
    terminal: &mut Terminal,
) -> Result<Exit, Error> {
    loop {
        let purpose = PlanPurpose { writes: true, ..purpose() };
        let scope = purpose.scope.clone();
        let ready = planning::plan(&args.place, purpose, terminal).await?;
        terminal.note(&format!("target: {}", ready.target_name));
        show_plan(args, &ready.planned.plan, terminal);
        if ready.planned.plan.actions.is_empty() {
            return Ok(Exit::Success);
        }
        refuse_losses(&ready.planned.plan, &scope)?;
        consent(args, goal, &ready, terminal)?;
        match finish(args, goal, ready, terminal).await {
            Err(Error::Engine(EngineError::Overtaken { .. })) => {
                terminal.note("another apply of this stack ran in between: planning again");
            }
            outcome => return outcome,
        }
    }
}

/// Carries out a saved plan, if it is still what would be done. It was approved: nothing is asked.
fn carry_out_saved(path: &Path, args: &WorkArgs, terminal: &mut Terminal) -> Result<Exit, Error> {
    let saved = saved::read(path)?;
    planning::block_on(async {
        let scope = saved.scope.clone();
        let purpose =
            PlanPurpose { key: Some(saved::key()?), writes: true, ..PlanPurpose::now(scope) };
        let ready = planning::plan(&args.place, purpose, terminal).await?;
        terminal.note(&format!("target: {}", ready.target_name));
        saved::same_place(&saved, &ready)?;
        let plan = &ready.planned.plan;
        let same = saved::same_plan(&saved, plan, ready.targets.ledger.as_ref());
        if let (Err(Error::Stale { moved, .. }), ApplyFormat::Json) = (&same, args.output) {
            terminal.out(&stackctl_view::stale_json(moved));
        }
        same?;
        refuse_losses(plan, &saved.scope)?;
        let left = saved.plan.actions.len() - plan.actions.len();
        if left > 0 {
            terminal.note(&format!("{left} actions of the saved plan are done already"));
        }
        show_plan(args, plan, terminal);
        if plan.actions.is_empty() {
            return Ok(Exit::Success);
        }
        finish(args, &generation_goal(saved.scope.goal), ready, terminal).await
    })
}

/// What is noted of a run for a goal.
fn generation_goal(goal: Goal) -> GenerationGoal {
    match goal {
        Goal::Apply => GenerationGoal::Apply,
        Goal::Destroy => GenerationGoal::Destroy,
        Goal::Purge => GenerationGoal::Purge,
        Goal::Undo => GenerationGoal::Undo,
    }
}

async fn finish(
    args: &WorkArgs,
    goal: &GenerationGoal,
    ready: PlannedStack,
    terminal: &mut Terminal,
) -> Result<Exit, Error> {
    let (report, stopped) = execute(args, goal, ready, terminal).await?;
    if args.output == ApplyFormat::Text {
        let mut text = String::new();
        stackctl_view::report_text(&report, goal, terminal.out_style(), &mut text)
            .expect("writing to a String cannot fail");
        terminal.out(&text);
    }
    Ok(exit(&report, &stopped, args.detailed_exitcode))
}

fn show_plan(args: &WorkArgs, plan: &Plan, terminal: &mut Terminal) {
    let plan = PublishedPlan::from(plan);
    match args.output {
        ApplyFormat::Text => {
            let text = planning::shown(
                &plan,
                PlanFormat::Text,
                terminal.out_style(),
                stackctl_view::plan_text,
            );
            terminal.out(&text);
        }
        ApplyFormat::Json => terminal.out(&stackctl_view::planned_json(&plan)),
    }
}

/// Refuses what could lose data and was not named, and what looks like a slip.
fn refuse_losses(plan: &Plan, scope: &PlanScope) -> Result<(), Error> {
    let refused = stackctl_plan::refusals(plan);
    if !refused.is_empty() {
        let names: Vec<_> = refused.iter().map(|id| format!("--allow-data-loss={id}")).collect();
        return Err(Error::Refused {
            message: format!("data could be lost; nothing was changed ({} refused)", refused.len()),
            hint: format!("put it back in the file, or name what may be lost: {}", names.join(" ")),
        });
    }
    let is_whole = scope.goal == Goal::Apply && scope.only.is_empty();
    match stackctl_plan::mass_removal(plan) {
        Some((gone, owned)) if is_whole && !scope.allow_mass_removal => Err(Error::Refused {
            message: format!(
                "this takes away {gone} of the {owned} objects the stack owns, which is likely a slip; \
                 nothing was changed"
            ),
            hint: "look for what is missing in the file; --allow-mass-removal if it is meant, \
                   stackctl destroy to take all down"
                .to_owned(),
        }),
        Some(_) | None => Ok(()),
    }
}

/// Asks.
fn consent(
    args: &WorkArgs,
    goal: &GenerationGoal,
    ready: &PlannedStack,
    terminal: &mut Terminal,
) -> Result<(), Error> {
    if args.yes {
        return Ok(());
    }
    if args.output == ApplyFormat::Json || !terminal.can_ask() {
        return Err(Error::Refused {
            message:
                "confirmation is needed and there is no terminal to ask on; nothing was changed"
                    .to_owned(),
            hint: format!("{} --yes", typed_command()),
        });
    }
    let command = goal.command();
    let count = ready.planned.plan.actions.len();
    let plural = if count == 1 { "" } else { "s" };
    if terminal.ask(&format!("{command} {count} action{plural} to {}?", ready.target_name)) {
        Ok(())
    } else {
        Err(Error::Refused {
            message: "not confirmed; nothing was changed".to_owned(),
            hint: format!("stackctl {command}"),
        })
    }
}

/// The command as it was typed, quoted for a shell where needed.
fn typed_command() -> String {
    let quoted = std::env::args().skip(1).map(|argument| {
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_=./:@,".contains(c);
        if !argument.is_empty() && argument.chars().all(plain) {
            argument
        } else {
            format!("'{}'", argument.replace('\'', r"'\''"))
        }
    });
    std::iter::once("stackctl".to_owned()).chain(quoted).collect::<Vec<_>>().join(" ")
}

async fn execute(
    args: &WorkArgs,
    goal: &GenerationGoal,
    ready: PlannedStack,
    terminal: &mut Terminal,
) -> Result<(Report, Stopped), Error> {
    let PlannedStack { planned, targets, folder, .. } = ready;
    let cancel = CancelToken::new();
    let stopped = signals::listen(&cancel)
        .map_err(|source| Error::Io { what: "signals cannot be listened to".to_owned(), source })?;
    let (sender, receiver) = mpsc::unbounded_channel();
    let progress = match args.output {
        ApplyFormat::Json => Progress::Json,
        ApplyFormat::Text => Progress::for_people(terminal),
    };
    let options = ExecuteOptions {
        wait: !args.no_wait,
        timeout: args.timeout,
        lock_timeout: args.lock_timeout,
        parallelism: args.parallelism.map(usize::from),
        author: author::author(goal.clone(), &folder),
    };
    let work = stackctl_engine::execute(targets, planned, options, cancel, sender);
    let (report, ()) = tokio::join!(work, progress.show(receiver, terminal));
    report.map(|report| (report, stopped)).map_err(Error::Engine)
}

fn exit(report: &Report, stopped: &Stopped, detailed: bool) -> Exit {
    if let Some(exit) = stopped.exit() {
        return exit;
    }
    if report.is_complete() {
        return if detailed { Exit::Changes } else { Exit::Success };
    }
    if report.failed.is_empty() {
        let waits = report.timed_out.is_empty() && !report.deferred.is_empty();
        return if waits { Exit::Partly } else { Exit::TimedOut };
    }
    let classes = report.failed.iter().map(|(_, failure)| failure.class);
    let same = report
        .failed
        .first()
        .filter(|(_, first)| classes.clone().all(|class| class == first.class));
    same.map_or(Exit::Partly, |(_, first)| class_exit(first.class, Exit::Partly))
}
