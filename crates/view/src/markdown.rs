//! A plan as a comment on a pull request: biggest risks first, never longer than a comment may be.

use stackctl_model::{ActionKind, PublishedAction, PublishedPlan, Risk};

use crate::style::{inert, short, symbol, verb};
use crate::text::{groups, summary};

/// Bytes kept free for the last words.
const ROOM: usize = 200;

/// The plan in Markdown, in at most `limit` bytes.
pub fn plan_markdown(plan: &PublishedPlan, limit: usize) -> String {
    let mut text = format!(
        "<!-- stackctl:plan:{} -->\n### Plan for `{}`\n\n**{}**\n",
        escaped(&plan.stack),
        escaped(&plan.stack),
        summary(plan)
    );
    let at_risk: Vec<_> = plan.actions.iter().filter(|action| action.risk != Risk::None).collect();
    let mut parts: Vec<String> = Vec::new();
    for action in at_risk {
        parts.push(format!(
            "\n> **{}** `{}`: {}\n",
            risk(action.risk),
            escaped(&action.id.to_string()),
            escaped(&action.reason)
        ));
    }
    for one in &plan.findings {
        let id = one
            .id
            .as_ref()
            .map_or_else(String::new, |id| format!(" `{}`", escaped(&id.to_string())));
        parts.push(format!("\n> **For you to do**{id}: {}\n", escaped(&one.message)));
    }
    for (app, actions) in groups(plan) {
        parts.push(format!(
            "\n<details><summary>{} ({})</summary>\n\n",
            escaped(app),
            actions.len()
        ));
        parts.extend(actions.into_iter().map(row));
        parts.push("\n</details>\n".to_owned());
    }
    for (place, part) in parts.iter().enumerate() {
        if text.len() + part.len() + ROOM > limit {
            let open = text.matches("<details>").count() > text.matches("</details>").count();
            text.push_str(if open { "\n</details>\n" } else { "" });
            text.push_str(&format!(
                "\n{} more lines are left out; run `stackctl plan`.\n",
                parts.len() - place
            ));
            break;
        }
        text.push_str(part);
    }
    text
}

fn risk(risk: Risk) -> &'static str {
    match risk {
        Risk::None => "No risk",
        Risk::Disruption => "Disruption",
        Risk::Data => "DATA AT RISK",
    }
}

fn row(action: &PublishedAction) -> String {
    let mut text = format!(
        "- `{}` {} `{}`: {}\n",
        symbol(action.action).0,
        verb(action.action),
        escaped(&action.id.to_string()),
        escaped(&action.reason)
    );
    if action.action != ActionKind::Create {
        for change in &action.changes {
            text.push_str(&format!(
                "  - `{}`: `{}` → `{}`\n",
                escaped(&change.path.to_string()),
                escaped(&short(&change.before, 200)),
                escaped(&short(&change.after, 200))
            ));
        }
    }
    text
}

fn escaped(text: &str) -> String {
    inert(text).replace('`', "'").replace('<', "&lt;").replace('>', "&gt;").replace('\n', " ")
}
