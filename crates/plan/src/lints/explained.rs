//! The documentation of lints, as `stackctl explain` prints it and as `docs/lints.md` holds it.

use std::fmt::Write;

use stackctl_model::Severity;

use super::lint::{Lint, Needs};
use super::table::LINTS;

/// What people read of one lint.
pub fn explained(lint: &Lint) -> String {
    let mut text = format!(
        "{}  {}, needs {}\n\n{}\n",
        lint.code,
        severity(lint.severity),
        needs(lint),
        body(lint, "")
    );
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}

/// The page of all lints.
pub fn reference() -> String {
    let mut text = "# Lints\n\n\
        <!-- Made from the table of lints; `cargo test -p stackctl lints` says when it is stale. -->\n\n\
        What stackctl knows to be wrong beyond the words of the language. `check` and `plan` run those that need\n\
        the stack or its objects, `doctor` also those that need the cluster or machines. `stackctl explain CODE`\n\
        prints one.\n\n\
        A warning or a note is turned off where it does not hold, with a line in the block it is about, or in\n\
        the `stack` block for all of it; `check --strict` still shows it, and does not fail:\n\n\
        ```kdl fragment\n\
        app sonarr {\n    volume config \"10Gi\" access=ReadWriteMany\n    lint sqlite-on-network-storage #false\n}\n\
        ```\n\n\
        An error cannot be turned off: something would fail of it.\n"
        .to_owned();
    for lint in LINTS {
        let _ = write!(
            text,
            "\n## {}\n\n*{}, needs {}*\n\n{}",
            lint.code,
            severity(lint.severity),
            needs(lint),
            body(lint, "```text\n")
        );
    }
    text
}

/// The parts of the documentation; `fence` begins an example where it is Markdown.
fn body(lint: &Lint, fence: &str) -> String {
    let doc = &lint.doc;
    let mut text = format!("{}\n\n{}\n", doc.wrong, doc.why);
    if !doc.example.is_empty() {
        let _ = if fence.is_empty() {
            writeln!(text, "\n    {}", doc.example.replace('\n', "\n    "))
        } else {
            writeln!(text, "\n{fence}{}\n```", doc.example)
        };
    }
    let _ = writeln!(text, "\n{}", doc.mend);
    if !doc.source.is_empty() {
        let _ = writeln!(text, "\nSource: {}", doc.source);
    }
    text
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

fn needs(lint: &Lint) -> &'static str {
    match lint.check.needs() {
        Needs::Stack => "the stack",
        Needs::Objects => "the stack's objects",
        Needs::Cluster => "the cluster",
        Needs::Machines => "machines",
    }
}
