//! A plan for machines: `stackctl.plan/1`.

use stackctl_model::PublishedPlan;

/// The `format` of the stream of events that this version tells.
pub(crate) const EVENTS: &str = "stackctl.events/1";

/// The plan as one document.
pub fn plan_json(plan: &PublishedPlan) -> String {
    let mut text = serde_json::to_string_pretty(plan).expect("a plan is plain data");
    text.push('\n');
    text
}

/// The plan as the first line of a stream of events, which says what the stream is: `stackctl.events/1`.
pub fn planned_json(plan: &PublishedPlan) -> String {
    let event = serde_json::json!({"event": "planned", "format": EVENTS, "plan": plan});
    format!("{event}\n")
}
