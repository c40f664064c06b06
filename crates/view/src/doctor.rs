//! What a doctor found, the worst first.

use stackctl_model::{Severity, Symptom};

use crate::Style;
use crate::style::inert;

/// Each symptom with what to do about it. The last line is the verdict.
pub fn doctor_text(symptoms: &[Symptom], style: Style) -> String {
    let mut text = String::new();
    for symptom in symptoms {
        let (word, color) = match symptom.severity {
            Severity::Error => ("error", "31"),
            Severity::Warning => ("warning", "33"),
        };
        let place = symptom.source.as_ref().map_or_else(String::new, |at| format!(" ({at})"));
        let line = format!("{}  {}{place}", symptom.id, inert(&symptom.message));
        let line = style.wrapped(&format!("{word}: "), "  ", &line);
        text.push_str(&style.paint(color, line.trim_end_matches('\n')));
        text.push('\n');
        text.push_str(&style.wrapped("  Next: ", "    ", &inert(&symptom.advice)));
    }
    text.push_str(&verdict(symptoms));
    text
}

fn verdict(symptoms: &[Symptom]) -> String {
    let errors = symptoms.iter().filter(|one| one.severity == Severity::Error).count();
    match (errors, symptoms.len() - errors) {
        (0, 0) => "Nothing found that would make the stack fail\n".to_owned(),
        (errors, warnings) => format!("Found: {errors} errors, {warnings} warnings\n"),
    }
}

/// The same for machines.
pub fn doctor_json(symptoms: &[Symptom]) -> String {
    let document = serde_json::json!({"format": "stackctl.doctor/1", "symptoms": symptoms});
    let mut text = serde_json::to_string_pretty(&document).expect("symptoms are plain data");
    text.push('\n');
    text
}
