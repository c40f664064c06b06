//! What was retired and is still there.

use stackctl_model::{Action, Operation, Plan, Retirement};

use crate::Style;
use crate::style::inert;

/// A line for each, of a plan that would take everything back.
pub fn retired_text(plan: &Plan, style: Style) -> String {
    let lines: String = retired(plan)
        .map(|(action, retirement)| {
            let since = inert(&retirement.to_string());
            style.wrapped("", "    ", &format!("{}  {since}", action.id))
        })
        .collect();
    if lines.is_empty() { "Nothing is retired\n".to_owned() } else { lines }
}

/// The same for machines: `stackctl.retired/1`.
pub fn retired_json(plan: &Plan) -> String {
    let entry = |(action, retirement): (&Action, &Retirement)| {
        let Retirement { from, at } = retirement;
        serde_json::json!({"id": action.id, "app": action.app, "from": from, "at": at})
    };
    let all: Vec<_> = retired(plan).map(entry).collect();
    let document = serde_json::json!({"format": "stackctl.retired/1", "retired": all});
    let mut text = serde_json::to_string_pretty(&document).expect("ids are plain data");
    text.push('\n');
    text
}

fn retired(plan: &Plan) -> impl Iterator<Item = (&Action, &Retirement)> {
    plan.actions.iter().filter_map(|action| match &action.operation {
        Operation::TakeBack { retirement, .. } => Some((action, retirement)),
        Operation::Create(_)
        | Operation::Update(_)
        | Operation::Adopt(_)
        | Operation::Replace(_)
        | Operation::Delete(_)
        | Operation::Retire(_)
        | Operation::Release(_)
        | Operation::OnMachine(_)
        | Operation::Wait(_)
        | Operation::Held(_) => None,
    })
}
