//! `stackctl plan`

use stackctl_plan::Goal;

use crate::args::PlanArgs;
use crate::error::Error;
use crate::exit::Exit;
use crate::planning::{self, PlanPurpose};
use crate::saved;
use crate::terminal::Terminal;

pub(crate) fn run(args: &PlanArgs, terminal: &mut Terminal) -> Result<Exit, Error> {
    let goal = if args.destroy { Goal::Destroy } else { Goal::Apply };
    let scope = planning::scope(goal, &args.planning.select, &args.allow);
    let key = args.out.as_ref().map(|_| saved::key()).transpose()?;
    if let Some(key) = &key {
        saved::keep(key)?;
    }
    let purpose = PlanPurpose { key, ..PlanPurpose::now(scope.clone()) };
    let ready = planning::block_on(planning::plan(&args.planning.place, purpose, terminal))?;
    terminal.note(&format!("target: {}", ready.target_name));
    let plan = &ready.planned.plan;
    terminal.out(&planning::shown(
        &plan.into(),
        args.output,
        terminal.out_style(),
        stackctl_view::plan_text,
    ));
    if let Some(path) = &args.out {
        saved::write(path, &ready, scope)?;
        terminal.note(&format!("saved: {0}. Next: stackctl apply {0}", path.display()));
    }
    Ok(planning::exit(plan, args.planning.detailed_exitcode))
}
