//! `lint CODE #false`: what a stack does not want to hear of what stands in a block.

use stackctl_model::{At, Declared, Finding, Severity, Silence, closest};

use super::table::{LINTS, lint};

/// Findings that are said, and those that the stack has silenced.
pub struct Judged {
    /// To be said.
    pub said: Vec<Finding>,
    /// Silenced, each with the line that does it.
    pub silenced: Vec<Finding>,
}

/// Takes away what the stack has silenced. An error is said all the same: something would fail of it.
pub fn judge(findings: Vec<Finding>, declared: &Declared) -> Judged {
    let (mut said, mut silenced) = (Vec::new(), Vec::new());
    for finding in findings {
        match declared.silences.iter().find(|silence| covers(silence, &finding)) {
            Some(silence) => silenced.push(told(finding, silence)),
            None => said.push(finding),
        }
    }
    Judged { said, silenced }
}

fn covers(silence: &Silence, finding: &Finding) -> bool {
    let is_there = match (&silence.block, finding.origin()) {
        (None, _) => true,
        (Some(_), Some(origin)) => silence.covers(origin),
        (Some(_), None) => false,
    };
    finding.severity != Severity::Error && finding.code == silence.code.text && is_there
}

/// A finding as `check --strict` tells of it: nothing fails of it any more.
fn told(finding: Finding, silence: &Silence) -> Finding {
    let words = format!("silenced here by lint {} #false", silence.code.text);
    Finding { severity: Severity::Note, ..finding }.also(At::from(&silence.code.at), words)
}

/// Lines that silence what is no lint, or what must be heard.
pub fn misspelled(declared: &Declared) -> Vec<Finding> {
    declared.silences.iter().filter_map(wrong).collect()
}

fn wrong(silence: &Silence) -> Option<Finding> {
    let code = silence.code.text.as_str();
    let at = &silence.code.at;
    match lint(code).map(|lint| lint.severity) {
        Some(Severity::Warning | Severity::Note) => None,
        Some(Severity::Error) => {
            let message = format!("lint {code} cannot be turned off: something would fail of it");
            Some(
                Finding::error("not-silenceable", message, at)
                    .help(format!("`stackctl explain {code}` says how to mend it.")),
            )
        }
        None => {
            let finding = Finding::error("unknown-lint", format!("there is no lint {code}"), at);
            Some(match closest(code, LINTS.iter().map(|lint| lint.code)) {
                Some(near) => finding.help(format!("Did you mean {near}?")).fix(at.span, near),
                None => finding.help("docs/lints.md has them all."),
            })
        }
    }
}
