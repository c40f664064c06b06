//! `stackctl retired`, `undo` and `purge`: what outlived its block, and what becomes of it.

use stackctl_model::{IdPattern, Plan, closest};
use stackctl_plan::{Goal, PlanScope};

use super::apply;
use crate::args::{ApplyFormat, NamedArgs, PlaceArgs, RetiredArgs};
use crate::error::Error;
use crate::exit::Exit;
use crate::planning::{self, PlanPurpose};
use crate::terminal::Terminal;

pub(crate) fn list(args: &RetiredArgs, terminal: &mut Terminal) -> Result<Exit, Error> {
    let plan = all(&args.place, terminal)?;
    terminal.out(&match args.output {
        ApplyFormat::Text => stackctl_view::retired_text(&plan, terminal.out_style()),
        ApplyFormat::Json => stackctl_view::retired_json(&plan),
    });
    Ok(Exit::Success)
}

pub(crate) fn undo(args: &NamedArgs, terminal: &mut Terminal) -> Result<Exit, Error> {
    let exit = carry_out(args, Goal::Undo, terminal)?;
    terminal.note("put its block back into the file, or the next stackctl apply retires it again");
    Ok(exit)
}

pub(crate) fn purge(args: &NamedArgs, terminal: &mut Terminal) -> Result<Exit, Error> {
    carry_out(args, Goal::Purge, terminal)
}

fn carry_out(args: &NamedArgs, goal: Goal, terminal: &mut Terminal) -> Result<Exit, Error> {
    each_names_something(&all(&args.work.place, terminal)?, &args.ids)?;
    let scope = PlanScope {
        only: args.ids.clone(),
        // To name it here is to name what may be lost.
        allow_data_loss: args.ids.clone(),
        ..PlanScope::all_of(goal)
    };
    apply::carry_out(&args.work, &scope, terminal)
}

/// Everything that is retired, as a plan to take it back.
fn all(place: &PlaceArgs, terminal: &mut Terminal) -> Result<Plan, Error> {
    let purpose = PlanPurpose::now(PlanScope::all_of(Goal::Undo));
    let ready = planning::block_on(planning::plan(place, purpose, terminal))?;
    Ok(ready.planned.plan)
}

fn each_names_something(plan: &Plan, ids: &[IdPattern]) -> Result<(), Error> {
    let names = || plan.actions.iter().map(|action| action.id.to_string());
    for pattern in ids {
        let matches = plan.actions.iter().any(|one| pattern.matches(&one.id, one.app.as_deref()));
        if !matches {
            let written = pattern.to_string();
            let known: Vec<String> = names().collect();
            let meant = closest(&written, known.iter().map(String::as_str));
            let meant = meant.map_or_else(String::new, |name| format!("; did you mean {name}?"));
            return Err(Error::Usage {
                message: format!("{written} names nothing that is retired{meant}"),
                hint: "stackctl retired lists what is".to_owned(),
            });
        }
    }
    Ok(())
}
