//! `stackctl rollback`: a plan to what an earlier apply asked for.

use stackctl_model::{Generation, GenerationOutcome, Resource};
use stackctl_plan::{Goal, Narrowing};

use super::planning::{self, Place, Wish};
use super::{apply, history};
use crate::args::{PlanFormat, RollbackArgs};
use crate::error::Error;
use crate::exit::Exit;
use crate::terminal::Terminal;

pub(crate) fn run(args: &RollbackArgs, terminal: &mut Terminal) -> Result<Exit, Error> {
    planning::block_on(async {
        let place = Place::find(&args.work.place, None, terminal).await?;
        let (number, resources) = wanted(&place, args.generation).await?;
        let wish = || Wish {
            resources: Some(resources.clone()),
            ..Wish::now(Narrowing {
                allow_data_loss: args.allow.allow_data_loss.clone(),
                allow_mass_removal: args.allow.allow_mass_removal,
                ..Narrowing::none(Goal::Apply)
            })
        };
        if args.dry_run {
            let ready = planning::plan(&args.work.place, wish(), terminal).await?;
            let style = terminal.out_style();
            let plan = &ready.planned.plan;
            terminal.out(&planning::shown(plan, PlanFormat::Text, style, stackctl_view::plan_text));
            return Ok(planning::exit(plan, args.work.detailed_exitcode));
        }
        let goal = format!("rollback to {number}");
        let exit = apply::ask_and_finish(&args.work, &goal, &wish, terminal).await?;
        terminal.note(&format!(
            "{} is as it was: the next stackctl apply follows it again",
            place.sound.path.display()
        ));
        Ok(exit)
    })
}

/// The generation that is meant, and all it asked for.
async fn wanted(place: &Place, number: Option<u64>) -> Result<(u64, Vec<Resource>), Error> {
    let target = place.chosen.target.as_ref();
    let mark = place.mark();
    let all = stackctl_engine::generations(target, &mark).await.map_err(Error::Engine)?;
    let number = match number {
        Some(number) => number,
        None => before_the_last(&all).ok_or_else(|| Error::Failed {
            message: "there is no earlier generation to go back to; nothing was changed".to_owned(),
            hint: Some("stackctl history".to_owned()),
        })?,
    };
    Ok((number, history::recorded(place, number).await?))
}

/// The last one but one that was carried out.
fn before_the_last(all: &[Generation]) -> Option<u64> {
    // A destroy, a purge or an undo asks for nothing that could be gone back to.
    let asks = |one: &&Generation| one.goal == "apply" || one.goal.starts_with("rollback");
    let done = all.iter().rev().filter(asks).filter(|one| one.outcome == GenerationOutcome::Done);
    done.map(|one| one.number).find(|number| all.last().is_some_and(|last| last.number != *number))
}
