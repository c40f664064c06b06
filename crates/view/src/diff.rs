//! A plan as a reviewer reads it: each field, live against desired.

use std::fmt::{Result, Write};

use stackctl_model::{Change, ChangeValue, PublishedPlan};

use crate::Style;
use crate::style::{GREEN, RED, inert, symbol, value, verb};
use crate::text::{summary, writer};

/// Writes each field that differs.
pub fn diff_text(plan: &PublishedPlan, style: Style, out: &mut dyn Write) -> Result {
    for action in &plan.actions {
        let (sign, color) = symbol(action.action);
        let place = action.source.as_ref().map_or_else(String::new, |origin| format!("  {origin}"));
        writeln!(
            out,
            "{}",
            style.paint(color, &format!("{sign} {} {}{place}", verb(action.action), action.id))
        )?;
        for change in &action.changes {
            field(change, style, out)?;
        }
        writeln!(out)?;
    }
    if plan.actions.is_empty() {
        return writeln!(out, "No differences: {} unchanged", plan.summary.unchanged);
    }
    writeln!(out, "{}", summary(plan))
}

fn field(change: &Change, style: Style, out: &mut dyn Write) -> Result {
    let path = inert(&change.path.to_string());
    let by = writer(change).map_or_else(String::new, |who| format!("  (last written by {who})"));
    if change.before != ChangeValue::Absent {
        writeln!(
            out,
            "{}",
            style.paint(RED, &format!("  - {path}: {}{by}", value(&change.before)))
        )?;
    }
    if change.after != ChangeValue::Absent {
        writeln!(out, "{}", style.paint(GREEN, &format!("  + {path}: {}", value(&change.after))))?;
    }
    Ok(())
}

/// The lines that differ between two texts, with some around them.
pub fn text_diff(expected: &str, actual: &str) -> String {
    similar::TextDiff::from_lines(expected, actual)
        .unified_diff()
        .header("expected", "actual")
        .to_string()
}
