//! What moved since a plan was saved, in three columns.

use std::borrow::Cow;

use stackctl_model::Moved;
use unicode_width::UnicodeWidthStr;

use crate::Style;
use crate::json::EVENTS;
use crate::style::{inert, value};

const HEADINGS: [&str; 3] = ["AT PLAN", "NOW", "PLANNED"];

/// Each resource, and below it its fields with three columns: at plan, now, planned.
pub fn moved_text(moved: &[Moved], style: Style) -> String {
    let mut lines = Vec::new();
    let mut last = None;
    for one in moved {
        if last != Some(&one.id) {
            lines.push(style.bold(&one.id.to_string()));
            lines.push(style.dim(&columns(HEADINGS.map(str::to_owned), style)));
            last = Some(&one.id);
        }
        if !one.path.is_empty() {
            lines.push(format!("  {}", inert(&one.path)));
        }
        lines.push(columns([&one.at_plan, &one.now, &one.planned].map(value), style));
    }
    lines.join("\n")
}

/// Three cells side by side; what is too long for one line goes on below.
fn columns(cells: [String; 3], style: Style) -> String {
    let width = style.width.saturating_sub(4) / 3;
    let options = textwrap::Options::new(width.saturating_sub(2));
    let wrapped = cells.map(|cell| {
        textwrap::wrap(&cell, &options).into_iter().map(Cow::into_owned).collect::<Vec<_>>()
    });
    let height = wrapped.iter().map(Vec::len).max().unwrap_or_default();
    let line = |place: usize| {
        let row = wrapped.iter().map(|cell| {
            let text = cell.get(place).map_or("", String::as_str);
            format!("{text}{}", " ".repeat(width.saturating_sub(text.width())))
        });
        format!("    {}", row.collect::<String>()).trim_end().to_owned()
    };
    (0..height).map(line).collect::<Vec<_>>().join("\n")
}

/// The same as a stream of events that is this one line.
pub fn stale_json(moved: &[Moved]) -> String {
    format!("{}\n", serde_json::json!({"event": "stale", "format": EVENTS, "moved": moved}))
}
