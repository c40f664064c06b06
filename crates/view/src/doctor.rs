//! What a doctor found, the worst first.

use serde_json::{Value, json};
use stackctl_model::{Diagnosis, Finding, InotifyBudget, Severity};

use crate::Style;
use crate::style::{DIMMED, RED, YELLOW, inert};

/// Each finding with what to do about it, and the use of inotify. The last line is the verdict.
pub fn doctor_text(diagnosis: &Diagnosis, style: Style) -> String {
    let mut text = String::new();
    for finding in &diagnosis.findings {
        let (word, color) = match finding.severity {
            Severity::Error => ("error", RED),
            Severity::Warning => ("warning", YELLOW),
            Severity::Note => ("note", DIMMED),
        };
        let id = finding.id.as_ref().map_or_else(String::new, |id| format!("{id}  "));
        let place = finding.origin().map_or_else(String::new, |at| format!(" ({at})"));
        let line = format!("{id}{}{place}", inert(&finding.message));
        let line = style.wrapped(&format!("{word}: "), "  ", &line);
        text.push_str(&style.paint(color, line.trim_end_matches('\n')));
        text.push('\n');
        for help in &finding.help {
            text.push_str(&style.wrapped("  Next: ", "    ", &inert(help)));
        }
    }
    for used in &diagnosis.inotify {
        text.push_str(&style.wrapped("inotify: ", "  ", &share(used)));
    }
    text.push_str(&verdict(&diagnosis.findings));
    text
}

fn share(used: &InotifyBudget) -> String {
    let InotifyBudget { node, uid, instances, max_instances, watches, max_watches } = used;
    format!(
        "{node}: user {uid} has {instances} of {max_instances} instances and {watches} of {max_watches} watches"
    )
}

fn verdict(findings: &[Finding]) -> String {
    let count = |severity| findings.iter().filter(|one| one.severity == severity).count();
    match (count(Severity::Error), count(Severity::Warning)) {
        (0, 0) => "Nothing found that would make the stack fail\n".to_owned(),
        (errors, warnings) => format!("Found: {errors} errors, {warnings} warnings\n"),
    }
}

/// The same for machines.
pub fn doctor_json(diagnosis: &Diagnosis) -> String {
    let Diagnosis { findings, inotify } = diagnosis;
    let symptoms: Vec<Value> = findings.iter().map(symptom).collect();
    let document = json!({
        "format": "stackctl.doctor/1", "symptoms": symptoms, "inotify": inotify,
    });
    let mut text = serde_json::to_string_pretty(&document).expect("symptoms are plain data");
    text.push('\n');
    text
}

/// A finding as `stackctl.doctor/1` calls it.
fn symptom(finding: &Finding) -> Value {
    json!({
        "code": finding.code,
        "severity": finding.severity,
        "id": finding.id,
        "message": finding.message,
        "advice": finding.help.join(" "),
        "source": finding.origin(),
    })
}
