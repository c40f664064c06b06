//! A plan as an operator reads it: what is done, to what, why, and what it risks.

use std::collections::BTreeMap;
use std::fmt::{Result, Write};

use stackctl_model::{
    ActionKind, Change, PublishedAction, PublishedPlan, ResourceId, Risk, Summary,
};

use crate::Style;
use crate::style::{BOLD_RED, YELLOW, inert, short, symbol};

/// Writes a plan for people. The last line is the summary.
pub fn plan_text(plan: &PublishedPlan, style: Style, out: &mut dyn Write) -> Result {
    for (app, actions) in groups(plan) {
        writeln!(out, "{}", style.bold(app))?;
        for alike in actions.chunk_by(|a, b| is_alike(a, b)) {
            line(alike, style, out)?;
        }
        writeln!(out)?;
    }
    risks(plan, style, out)?;
    findings(plan, style, out)?;
    unmanaged(plan, style, out)?;
    for note in &plan.notes {
        out.write_str(&style.wrapped("note: ", "  ", &inert(&note.message)))?;
    }
    writeln!(out, "{}", summary(plan))
}

/// Actions by app; what the stack as a whole has comes first.
pub(crate) fn groups(plan: &PublishedPlan) -> Vec<(&str, Vec<&PublishedAction>)> {
    let mut groups: BTreeMap<Option<&str>, Vec<&PublishedAction>> = BTreeMap::new();
    for action in &plan.actions {
        groups.entry(action.app.as_deref()).or_default().push(action);
    }
    groups.into_iter().map(|(app, actions)| (app.unwrap_or(&plan.stack), actions)).collect()
}

/// Whether the same is said of two settings of one machine: that it cannot be reached.
fn is_alike(a: &PublishedAction, b: &PublishedAction) -> bool {
    let node = |action: &PublishedAction| match &action.id {
        ResourceId::Machine(id) if action.changes.is_empty() => Some(id.node.clone()),
        _ => None,
    };
    let said =
        |action: &PublishedAction| (action.action, action.reason.clone(), action.refused.clone());
    node(a).is_some() && node(a) == node(b) && said(a) == said(b)
}

fn line(alike: &[&PublishedAction], style: Style, out: &mut dyn Write) -> Result {
    let Some(action) = alike.first() else { return Ok(()) };
    let id = match (&action.id, alike.len()) {
        (ResourceId::Machine(id), 2..) => format!("node/{}/* ({})", id.node, alike.len()),
        (id, _) => id.to_string(),
    };
    let (sign, color) = symbol(action.action);
    let place = action.source.as_ref().map_or_else(String::new, |origin| format!(" ({origin})"));
    let text = style.wrapped(
        &format!("{sign:>3} "),
        "      ",
        &format!("{id}  {}{place}", inert(&action.reason)),
    );
    out.write_str(&style.paint(color, text.trim_end_matches('\n')))?;
    writeln!(out)?;
    let is_whole =
        matches!(action.action, ActionKind::Create | ActionKind::Delete | ActionKind::Retire);
    let has_fields = !is_whole || matches!(action.id, ResourceId::Machine(_));
    for change in action.changes.iter().filter(|_| has_fields) {
        let by = writer(change).map_or_else(String::new, |who| format!("  by {who}"));
        let text = format!(
            "{}: {} → {}{by}",
            inert(&change.path.to_string()),
            short(&change.before, 40),
            short(&change.after, 40)
        );
        out.write_str(&style.wrapped("      ", "        ", &text))?;
    }
    for effect in &action.effects {
        out.write_str(&style.wrapped("      ", "      ", effect))?;
    }
    if let Some(refused) = &action.refused {
        out.write_str(&style.wrapped("      refused: ", "      ", &inert(refused)))?;
    }
    Ok(())
}

/// Who last wrote what is live, and when, where it was not this stack.
pub(crate) fn writer(change: &Change) -> Option<String> {
    let who = inert(change.last_writer.as_deref()?);
    let when = change
        .last_written
        .as_ref()
        .map_or_else(String::new, |time| format!(" at {}", inert(time)));
    Some(format!("{who}{when}"))
}

fn risks(plan: &PublishedPlan, style: Style, out: &mut dyn Write) -> Result {
    let at_risk: Vec<_> = plan.actions.iter().filter(|action| action.risk == Risk::Data).collect();
    if at_risk.is_empty() {
        return Ok(());
    }
    writeln!(out, "{}", style.paint(BOLD_RED, "DATA AT RISK"))?;
    for action in at_risk {
        out.write_str(&style.wrapped(
            "  ! ",
            "    ",
            &if action.allowed {
                format!("{}  named: it may be lost", action.id)
            } else {
                format!("{}  --allow-data-loss={}", action.id, action.id)
            },
        ))?;
    }
    writeln!(out)
}

fn findings(plan: &PublishedPlan, style: Style, out: &mut dyn Write) -> Result {
    if plan.findings.is_empty() {
        return Ok(());
    }
    writeln!(out, "{}", style.paint(YELLOW.bold(), "FOR YOU TO DO"))?;
    for one in &plan.findings {
        let id = one.id.as_ref().map_or_else(String::new, |id| format!("{id}  "));
        let place = one.origin().map_or_else(String::new, |origin| format!(" ({origin})"));
        let text = format!("{id}{}{place}", inert(&one.message));
        out.write_str(&style.wrapped("  ! ", "    ", &text))?;
    }
    writeln!(out)
}

fn unmanaged(plan: &PublishedPlan, style: Style, out: &mut dyn Write) -> Result {
    let mut reasons: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for one in &plan.unmanaged {
        let ids = reasons.entry(&one.message).or_default();
        ids.extend(one.id.as_ref().map(ToString::to_string));
    }
    for (reason, ids) in reasons {
        let shown = ids.get(..3.min(ids.len())).unwrap_or_default().join(", ");
        let more =
            if ids.len() > 3 { format!(" and {} more", ids.len() - 3) } else { String::new() };
        let text = format!("{reason}: {shown}{more}");
        out.write_str(&style.dim(style.wrapped("", "  ", &text).trim_end()))?;
        writeln!(out)?;
    }
    if plan.unmanaged.is_empty() { Ok(()) } else { writeln!(out) }
}

/// The line a script can look for.
pub(crate) fn summary(plan: &PublishedPlan) -> String {
    let Summary {
        create,
        update,
        replace,
        delete,
        adopt,
        retire,
        deferred,
        unchanged,
        unmanaged,
        findings,
    } = plan.summary;
    let for_you = if findings == 0 { String::new() } else { format!(", {findings} for you to do") };
    if plan.actions.is_empty() {
        return format!(
            "Nothing to do: {unchanged} unchanged, {unmanaged} not managed yet{for_you}"
        );
    }
    format!(
        "Plan: {create} to create, {update} to update, {replace} to replace, {delete} to delete, {adopt} to adopt, \
         {retire} to retire, {deferred} deferred; {unchanged} unchanged, {unmanaged} not managed yet{for_you}"
    )
}
