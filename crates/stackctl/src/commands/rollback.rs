//! `stackctl rollback`: a plan to what an earlier apply asked for.

use stackctl_model::{Generation, GenerationGoal, GenerationOutcome, Resource};
use stackctl_plan::{Goal, PlanScope};

use super::{apply, history};
use crate::args::{PlanFormat, RollbackArgs};
use crate::error::Error;
use crate::exit::Exit;
use crate::planning::{self, PlanPurpose, TargetedStack};
use crate::terminal::Terminal;

pub(crate) fn run(args: &RollbackArgs, terminal: &mut Terminal) -> Result<Exit, Error> {
    planning::block_on(async {
        let place = TargetedStack::find(&args.work.place, None, terminal).await?;
        let (number, resources) = wanted(&place, args.generation).await?;
        let purpose = || PlanPurpose {
            resources: Some(resources.clone()),
            ..PlanPurpose::now(PlanScope {
                allow_data_loss: args.allow.allow_data_loss.clone(),
                allow_mass_removal: args.allow.allow_mass_removal,
                ..PlanScope::all_of(Goal::Apply)
            })
        };
        if args.dry_run {
            let ready = planning::plan(&args.work.place, purpose(), terminal).await?;
            let style = terminal.out_style();
            let plan = &ready.planned.plan;
            terminal.out(&planning::shown(
                &plan.into(),
                PlanFormat::Text,
                style,
                stackctl_view::plan_text,
            ));
            return Ok(planning::exit(plan, args.work.detailed_exitcode));
        }
        let goal = GenerationGoal::Rollback { to: number };
        let exit = apply::ask_and_finish(&args.work, &goal, &purpose, terminal).await?;
        terminal.note(&format!(
            "{} is as it was: the next stackctl apply follows it again",
            place.sound.path.display()
        ));
        Ok(exit)
    })
}

/// The generation that is meant, and all it asked for.
async fn wanted(place: &TargetedStack, number: Option<u64>) -> Result<(u64, Vec<Resource>), Error> {
    let target = place.chosen.targets.ledger.as_ref();
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

/// The newest that was carried out, but for the last.
fn before_the_last(all: &[Generation]) -> Option<u64> {
    let mut asking = all.iter().rev().filter(|one| one.goal.asks_for_resources());
    // After a destroy the last that asked is what to go back to.
    if all.last()?.goal != GenerationGoal::Destroy {
        asking.next()?;
    }
    asking.find(|one| one.outcome == GenerationOutcome::Done).map(|one| one.number)
}

#[cfg(test)]
mod tests {
    use stackctl_model::{Holder, Summary};

    use super::*;

    fn generation(number: u64, goal: &str, outcome: GenerationOutcome) -> Generation {
        Generation {
            number,
            goal: goal.parse().unwrap(),
            holder: Holder::default(),
            source: String::new(),
            begun: String::new(),
            summary: Summary::default(),
            outcome,
            report: String::new(),
        }
    }

    #[test]
    fn the_way_back_leads_past_what_asked_for_nothing_and_what_failed() {
        use GenerationOutcome::{Done, Partly};
        let before = |all: &[(u64, &str, GenerationOutcome)]| {
            let all: Vec<_> = all.iter().map(|(n, goal, end)| generation(*n, goal, *end)).collect();
            before_the_last(&all)
        };
        assert_eq!(before(&[(1, "apply", Done)]), None);
        assert_eq!(before(&[(1, "apply", Done), (2, "destroy", Done)]), Some(1));
        assert_eq!(before(&[(1, "apply", Done), (2, "apply", Done), (3, "undo", Done)]), Some(1));
        assert_eq!(before(&[(1, "apply", Done), (2, "apply", Partly)]), Some(1));
        assert_eq!(
            before(&[(1, "apply", Done), (2, "apply", Partly), (3, "apply", Done)]),
            Some(1)
        );
        assert_eq!(
            before(&[(4, "rollback to 1", Done), (5, "destroy", Done), (6, "apply", Done)]),
            Some(4)
        );
    }
}
