//! What a doctor found, the worst first.

use stackctl_model::{Diagnosis, InotifyBudget, Severity, Symptom};

use crate::Style;
use crate::style::{RED, YELLOW, inert};

/// Each symptom with what to do about it, and the use of inotify. The last line is the verdict.
pub fn doctor_text(diagnosis: &Diagnosis, style: Style) -> String {
    let mut text = String::new();
    for symptom in &diagnosis.symptoms {
        let (word, color) = match symptom.severity {
            Severity::Error => ("error", RED),
            Severity::Warning => ("warning", YELLOW),
        };
        let place = symptom.source.as_ref().map_or_else(String::new, |at| format!(" ({at})"));
        let line = format!("{}  {}{place}", symptom.id, inert(&symptom.message));
        let line = style.wrapped(&format!("{word}: "), "  ", &line);
        text.push_str(&style.paint(color, line.trim_end_matches('\n')));
        text.push('\n');
        text.push_str(&style.wrapped("  Next: ", "    ", &inert(&symptom.advice)));
    }
    for used in &diagnosis.inotify {
        text.push_str(&style.wrapped("inotify: ", "  ", &share(used)));
    }
    text.push_str(&verdict(&diagnosis.symptoms));
    text
}

fn share(used: &InotifyBudget) -> String {
    let InotifyBudget { node, uid, instances, max_instances, watches, max_watches } = used;
    format!(
        "{node}: user {uid} has {instances} of {max_instances} instances and {watches} of {max_watches} watches"
    )
}

fn verdict(symptoms: &[Symptom]) -> String {
    let errors = symptoms.iter().filter(|one| one.severity == Severity::Error).count();
    match (errors, symptoms.len() - errors) {
        (0, 0) => "Nothing found that would make the stack fail\n".to_owned(),
        (errors, warnings) => format!("Found: {errors} errors, {warnings} warnings\n"),
    }
}

/// The same for machines.
pub fn doctor_json(diagnosis: &Diagnosis) -> String {
    let Diagnosis { symptoms, inotify } = diagnosis;
    let document = serde_json::json!({
        "format": "stackctl.doctor/1", "symptoms": symptoms, "inotify": inotify,
    });
    let mut text = serde_json::to_string_pretty(&document).expect("symptoms are plain data");
    text.push('\n');
    text
}
