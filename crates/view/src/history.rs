//! Who applied what and when.

use std::fmt::Write;

use stackctl_model::{Generation, Summary};

use crate::Style;
use crate::style::inert;

/// A paragraph for each apply, the last first.
pub fn history_text(all: &[Generation], style: Style) -> String {
    if all.is_empty() {
        return "No apply is remembered\n".to_owned();
    }
    let mut text = String::new();
    for one in all.iter().rev() {
        let head = format!(
            "{}  {}  {}  {}",
            one.number,
            one.begun,
            inert(&one.goal.to_string()),
            one.outcome
        );
        writeln!(text, "{}", style.bold(&head)).expect("a String takes all");
        let source = if one.source.is_empty() {
            String::new()
        } else {
            format!(", from {}", inert(&one.source))
        };
        let who = format!("by {}{source}", inert(&one.holder.to_string()));
        text.push_str(&style.wrapped("    ", "      ", &who));
        let report =
            if one.report.is_empty() { String::new() } else { format!(": {}", inert(&one.report)) };
        text.push_str(&style.wrapped(
            "    ",
            "      ",
            &format!("{}{report}", planned(one.summary)),
        ));
    }
    text
}

fn planned(summary: Summary) -> String {
    let Summary { create, update, replace, delete, adopt, retire, .. } = summary;
    let counts = [
        (create, "create"),
        (update, "update"),
        (replace, "replace"),
        (delete, "delete"),
        (adopt, "adopt"),
        (retire, "retire"),
    ];
    let named = counts.into_iter().filter(|(count, _)| *count > 0);
    named.map(|(count, word)| format!("{count} to {word}")).collect::<Vec<_>>().join(", ")
}

/// The same for machines, the first first: `stackctl.history/1`.
pub fn history_json(all: &[Generation]) -> String {
    let document = serde_json::json!({"format": "stackctl.history/1", "generations": all});
    let mut text = serde_json::to_string_pretty(&document).expect("generations are plain data");
    text.push('\n');
    text
}
