//! `stackctl diff`

use stackctl_plan::{Goal, PlanScope};

use crate::args::DiffArgs;
use crate::error::Error;
use crate::exit::Exit;
use crate::planning::{self, PlanPurpose};
use crate::terminal::Terminal;

pub(crate) fn run(args: &DiffArgs, terminal: &mut Terminal) -> Result<Exit, Error> {
    let purpose = PlanPurpose::now(PlanScope {
        only: args.planning.select.only.clone(),
        except: args.planning.select.except.clone(),
        ..PlanScope::all_of(Goal::Apply)
    });
    let ready = planning::block_on(planning::plan(&args.planning.place, purpose, terminal))?;
    terminal.note(&format!("target: {}", ready.target_name));
    let plan = &ready.planned.plan;
    terminal.out(&planning::shown(
        &plan.into(),
        args.output,
        terminal.out_style(),
        stackctl_view::diff_text,
    ));
    match args.exit_code_changes {
        Some(code) if !plan.actions.is_empty() => Ok(Exit::Chosen(code)),
        Some(_) => Ok(Exit::Success),
        None => Ok(planning::exit(plan, args.planning.detailed_exitcode)),
    }
}
