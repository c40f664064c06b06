//! Looks at what is live: asks each system what the planner wants to know, in rounds, until it knows enough.

use std::collections::BTreeMap;

use futures::future::{BoxFuture, try_join_all};
use futures::{FutureExt, StreamExt, TryStreamExt, stream};
use stackctl_model::{Answer, Live, Preview, Question, Resource, ResourceId, System};
use stackctl_plan::Planner;

use crate::{EngineError, SecretData, TargetError, Targets, retry};

/// A look at one system takes no more rounds than this, whatever its rules ask for.
const MOST_ROUNDS: usize = 16;

/// Everything a plan is made from. The stack's record is read before anything else: an apply that ends while
/// the rest is looked at then has another number than the plan was made for, and is seen under the lock.
pub(crate) async fn look(targets: &Targets, planner: &Planner) -> Result<Live, EngineError> {
    let mut live = Live::default();
    let mut questions = planner.questions(&live);
    let record = retry::look(|| targets.ledger.record(planner.mark()));
    let record = record.await.map_err(EngineError::Observe)?;
    let answers = ask(targets, &questions).await.map_err(EngineError::Observe)?;
    learn(&mut live, &questions, answers);
    live.record = Some(record);
    for _ in 0..MOST_ROUNDS {
        questions = planner.questions(&live);
        if questions.is_empty() {
            break;
        }
        let answers = ask(targets, &questions).await.map_err(EngineError::Observe)?;
        learn(&mut live, &questions, answers);
    }
    Ok(live)
}

fn learn(live: &mut Live, questions: &BTreeMap<System, Question>, answers: Vec<Answer>) {
    for (question, answer) in questions.values().zip(answers) {
        Planner::learn(live, question, answer);
    }
}

/// Asks all systems at once; the answers are in the order of the questions.
async fn ask(
    targets: &Targets,
    questions: &BTreeMap<System, Question>,
) -> Result<Vec<Answer>, TargetError> {
    let asked = questions.iter().map(|(system, question)| {
        let target = targets.by_system.get(system);
        async move {
            match target {
                Some(target) => retry::look(|| target.look(question)).await,
                None => Ok(question.unasked()),
            }
        }
    });
    try_join_all(asked).await
}

/// Asks what writes would come to, each system as much at once as its target takes.
pub(crate) async fn preview(
    targets: &Targets,
    batch: Vec<(&Resource, SecretData)>,
) -> Result<BTreeMap<ResourceId, Preview>, EngineError> {
    let mut by_system: BTreeMap<System, Vec<(&Resource, SecretData)>> = BTreeMap::new();
    for one in batch {
        if let Some(system) = one.0.id.system() {
            by_system.entry(system).or_default().push(one);
        }
    }
    let asked = by_system.iter().map(|(system, batch)| preview_in(targets, *system, batch));
    let previews = try_join_all(asked).await.map_err(EngineError::Preview)?;
    Ok(previews.into_iter().flatten().collect())
}

async fn preview_in(
    targets: &Targets,
    system: System,
    batch: &[(&Resource, SecretData)],
) -> Result<BTreeMap<ResourceId, Preview>, TargetError> {
    let Some(target) = targets.by_system.get(&system) else { return Ok(BTreeMap::new()) };
    // One by one, so that a crowded target is asked again for one object and not for all.
    let asked: Vec<BoxFuture<'_, _>> =
        batch.chunks(1).map(|one| retry::look(|| target.preview(one)).boxed()).collect();
    let asked = stream::iter(asked).buffer_unordered(target.limit().max(1));
    let previews: Vec<BTreeMap<_, _>> = asked.try_collect().await?;
    Ok(previews.into_iter().flatten().collect())
}
