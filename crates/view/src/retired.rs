//! What was retired and is still there.

use stackctl_model::Plan;

use crate::Style;
use crate::style::inert;

/// A line for each, of a plan that would take everything back.
pub fn retired_text(plan: &Plan, style: Style) -> String {
    if plan.actions.is_empty() {
        return "Nothing is retired\n".to_owned();
    }
    let lines = plan.actions.iter().map(|action| {
        let since = action.reason.split(';').next().unwrap_or_default();
        style.wrapped("", "    ", &format!("{}  {}", action.id, inert(since)))
    });
    lines.collect()
}

/// The same for machines.
pub fn retired_json(plan: &Plan) -> String {
    let entry = |action: &stackctl_model::Action| {
        let since = action.reason.split(';').next().unwrap_or_default();
        serde_json::json!({"id": action.id, "app": action.app, "since": since})
    };
    let all: Vec<_> = plan.actions.iter().map(entry).collect();
    let mut text = serde_json::to_string_pretty(&all).expect("ids are plain data");
    text.push('\n');
    text
}
