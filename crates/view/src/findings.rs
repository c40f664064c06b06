//! What is wrong with a stack, with the text underlined; for editors and CI too.

use std::fmt::{Result, Write};

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use serde_json::{Value, json};
use stackctl_model::{Finding, Severity, SourceId, Span};

use crate::Style;

/// The texts that spans point into.
pub trait Texts {
    /// Name and content of a text.
    fn text(&self, id: SourceId) -> Option<(&str, &str)>;
}

/// A span that is inside its text and between its characters.
fn clamped(text: &str, span: Span) -> std::ops::Range<usize> {
    let clamp = |at: usize| {
        let mut at = at.min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let (start, end) = (clamp(span.start), clamp(span.end));
    start..end.max(start)
}

/// Line and column of a span's start, both from 1, the column in characters.
fn place(text: &str, span: Span) -> (usize, usize) {
    let before = text.get(..clamped(text, span).start).unwrap_or_default();
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    (
        before.matches('\n').count() + 1,
        before.get(line_start..).unwrap_or_default().chars().count() + 1,
    )
}

fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

/// Each finding with its lines. The line of a secret is not shown.
pub fn findings_text(
    findings: &[Finding],
    texts: &dyn Texts,
    style: Style,
    out: &mut dyn Write,
) -> Result {
    let renderer =
        if style.color { Renderer::styled() } else { Renderer::plain() }.term_width(style.width);
    for finding in findings {
        let is_hidden = finding.code == "secret-in-text" || finding.span().is_none();
        let source = finding.span().and_then(|span| texts.text(span.source));
        if let Some(source) = source.filter(|_| !is_hidden) {
            writeln!(out, "{}", snippet(finding, source, &renderer))?;
        } else {
            let at = finding.span().zip(source).map_or_else(String::new, |(span, (name, text))| {
                let (line, column) = place(text, span);
                format!("\n --> {name}:{line}:{column}")
            });
            writeln!(out, "{}[{}]: {}{at}", word(finding.severity), finding.code, finding.message)?;
            for help in &finding.help {
                writeln!(out, "  = help: {help}")?;
            }
        }
        writeln!(out)?;
    }
    Ok(())
}

fn snippet(finding: &Finding, (name, text): (&str, &str), renderer: &Renderer) -> String {
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let source = finding.span().map(|span| span.source);
    let mut shown = Snippet::source(text).path(name).fold(true);
    let here = finding.places.iter().enumerate().filter_map(|(number, place)| {
        Some((number, place.at.span().filter(|span| Some(span.source) == source)?, place))
    });
    for (number, span, place) in here {
        let kind = if number == 0 { AnnotationKind::Primary } else { AnnotationKind::Context };
        shown = shown.annotation(kind.span(clamped(text, span)).label(place.words.as_str()));
    }
    let mut group =
        level.primary_title(finding.message.as_str()).id(finding.code.as_ref()).element(shown);
    for help in &finding.help {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    renderer.render(&[group])
}

/// `stack.kdl:12:5: error[code]: message`, one a line.
pub fn findings_short(findings: &[Finding], texts: &dyn Texts) -> String {
    let mut out = String::new();
    for finding in findings {
        let at =
            finding.span().and_then(|span| texts.text(span.source).map(|source| (span, source)));
        if let Some((span, (name, text))) = at {
            let (line, column) = place(text, span);
            let _ = write!(out, "{name}:{line}:{column}: ");
        }
        let _ = writeln!(out, "{}[{}]: {}", word(finding.severity), finding.code, finding.message);
    }
    out
}

fn location(span: Span, texts: &dyn Texts) -> Value {
    let Some((name, text)) = texts.text(span.source) else { return Value::Null };
    let (line, column) = place(text, span);
    json!({"file": name, "line": line, "column": column, "start": span.start, "end": span.end})
}

/// One JSON document.
pub fn findings_json(findings: &[Finding], texts: &dyn Texts) -> String {
    let findings: Vec<Value> = findings
        .iter()
        .map(|finding| {
            json!({
                "code": finding.code,
                "severity": finding.severity,
                "message": finding.message,
                "at": finding.span().map(|span| location(span, texts)),
                "help": finding.help,
                "fix": finding.fix.as_ref().map(|fix| json!({"at": location(fix.span, texts), "text": fix.text})),
            })
        })
        .collect();
    format!("{}\n", json!({"format": "stackctl.findings/1", "findings": findings}))
}

/// SARIF 2.1.0, for code scanning.
pub fn findings_sarif(findings: &[Finding], texts: &dyn Texts) -> String {
    let results: Vec<Value> = findings
        .iter()
        .map(|finding| {
            let at = finding.span().map(|span| location(span, texts)).filter(|at| !at.is_null());
            let locations: Vec<Value> = at
                .iter()
                .map(|at| {
                    json!({"physicalLocation": {
                        "artifactLocation": {"uri": at["file"]},
                        "region": {"startLine": at["line"], "startColumn": at["column"]}}})
                })
                .collect();
            json!({"ruleId": finding.code, "level": word(finding.severity),
                "message": {"text": finding.message}, "locations": locations})
        })
        .collect();
    let report = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{"tool": {"driver": {"name": "stackctl", "rules": []}}, "results": results}],
    });
    format!("{report}\n")
}
