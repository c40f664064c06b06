//! Tells those who watch the cluster's events.

use jiff::Timestamp;
use serde_json::json;
use stackctl_engine::TargetError;
use stackctl_model::{Generation, GenerationGoal, GenerationOutcome};
use stackctl_plan::StackMark;

use crate::Kubernetes;
use crate::error::Doing;
use crate::request::escaped;

impl Kubernetes {
    /// One event about the stack's record.
    pub(crate) async fn tell_event(
        &self,
        stack: &StackMark,
        generation: &Generation,
    ) -> Result<(), TargetError> {
        let namespace = escaped(&stack.namespace);
        let path = format!("/apis/events.k8s.io/v1/namespaces/{namespace}/events");
        let (kind, reason) = match generation.outcome {
            GenerationOutcome::Done => ("Normal", reason(&generation.goal)),
            GenerationOutcome::Partly => ("Warning", format!("Partly{}", reason(&generation.goal))),
            GenerationOutcome::Stopped | GenerationOutcome::Unfinished => {
                ("Warning", "Stopped".to_owned())
            }
        };
        let event = json!({
            "apiVersion": "events.k8s.io/v1", "kind": "Event",
            "metadata": {"generateName": format!("{}-", stack.parent()), "namespace": stack.namespace},
            "eventTime": format!("{:.6}", Timestamp::now()),
            "type": kind, "reason": reason, "action": action(&generation.goal),
            "note": format!("generation {} of stack {} by {}: {}", generation.number, stack.name,
                            generation.holder, generation.report),
            "regarding": {"apiVersion": "v1", "kind": "ConfigMap", "name": stack.parent(),
                          "namespace": stack.namespace},
            "reportingController": "stackctl.io/stackctl",
            "reportingInstance": if generation.holder.who.is_empty() { "stackctl" } else { &generation.holder.who },
        });
        let created = self.api.create(&path, &event).await;
        created.map(drop).map_err(|failure| failure.into_error(Doing::Waiting("the event")))
    }
}

/// What is done, in one word, as reasons of events are written.
fn reason(goal: &GenerationGoal) -> String {
    goal.done().split(' ').map(capitalised).collect()
}

fn action(goal: &GenerationGoal) -> String {
    match goal {
        // Reasons and actions of events may not be too long, and nobody knows how long those words are.
        GenerationGoal::Unknown(_) => "Apply".to_owned(),
        GenerationGoal::Apply
        | GenerationGoal::Destroy
        | GenerationGoal::Rollback { .. }
        | GenerationGoal::Undo
        | GenerationGoal::Purge => capitalised(goal.command()),
    }
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}
