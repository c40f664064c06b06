//! Reads a stack and expands it; shows all findings at once.

use std::path::{Path, PathBuf};

use stackctl_expand::{Expansion, Library, expand};
use stackctl_lang::{Sources, Stack, read_stack};
use stackctl_model::{Declared, Finding, Resource, Severity};
use stackctl_plan::lints::{self, Judged};

use crate::args::StackArgs;
use crate::disk::Disk;
use crate::error::Error;
use crate::locate;
use crate::terminal::Terminal;

/// A stack that was read: whole, or with errors among its findings.
pub(crate) struct Reading {
    /// Its file.
    pub(crate) path: PathBuf,
    /// Every text that was read.
    pub(crate) sources: Sources,
    /// What it declares, as far as it could be understood.
    pub(crate) stack: Option<Stack>,
    /// What it comes to; empty when there are errors that forbid it.
    pub(crate) resources: Vec<Resource>,
    /// What it declares beside them.
    pub(crate) declared: Declared,
    /// All that is wrong.
    pub(crate) findings: Vec<Finding>,
    /// What the stack does not want to hear of.
    pub(crate) silenced: Vec<Finding>,
}

/// A stack without errors.
pub(crate) struct Sound {
    /// Its file.
    pub(crate) path: PathBuf,
    /// Every text that was read.
    pub(crate) sources: Sources,
    /// What it declares.
    pub(crate) stack: Stack,
    /// What it comes to.
    pub(crate) resources: Vec<Resource>,
    /// What it declares beside that.
    pub(crate) declared: Declared,
}

/// Reads and expands the stack; never fails for what is in it.
pub(crate) fn read(args: &StackArgs) -> Result<Reading, Error> {
    let path = locate::stack(args.file.as_deref())?;
    let mut sources = Sources::default();
    let (stack, mut findings) = read_stack(&Disk, &path.to_string_lossy(), &mut sources);
    let (library, more) = library(&path, &mut sources);
    findings.extend(more);
    let mut expansion = Expansion::default();
    let mut silenced = Vec::new();
    if let Some(stack) = &stack {
        expansion = expand(stack, &library, &Disk, &mut sources);
        findings.append(&mut expansion.findings);
        let judged = lint(&expansion, &findings);
        findings.extend(judged.said);
        silenced = judged.silenced;
    }
    let Expansion { resources, declared, .. } = expansion;
    let findings = stackctl_lang::in_order(findings);
    Ok(Reading { path, sources, stack, resources, declared, findings, silenced })
}

/// What lints have to say; where something else is wrong at the same place, that is enough.
fn lint(expansion: &Expansion, known: &[Finding]) -> Judged {
    let Expansion { resources, declared, .. } = expansion;
    let mut found = lints::check(declared, resources);
    found.retain(|finding| {
        finding.span().is_none() || !known.iter().any(|one| one.span() == finding.span())
    });
    found.extend(lints::misspelled(declared));
    lints::judge(found, declared)
}

/// The embedded modules and those beside the stack.
pub(crate) fn library(stack: &Path, sources: &mut Sources) -> (Library, Vec<Finding>) {
    let folder = locate::folder(stack).join("modules");
    Library::with_folder(&Disk, &folder.to_string_lossy(), sources)
}

/// Reads the stack for a command that needs it without errors; warnings go to stderr.
pub(crate) fn sound(args: &StackArgs, terminal: &mut Terminal) -> Result<Sound, Error> {
    let mut reading = read(args)?;
    if !reading.findings.is_empty() {
        let text = findings_text(&reading, terminal);
        terminal.note(&text);
    }
    let has_errors = reading.findings.iter().any(|finding| finding.severity == Severity::Error);
    match reading.stack.take() {
        Some(stack) if !has_errors => {
            let Reading { path, sources, resources, declared, .. } = reading;
            Ok(Sound { path, sources, stack, resources, declared })
        }
        Some(_) | None => {
            Err(Error::Findings { summary: summary(&reading.findings, &reading.path) })
        }
    }
}

fn findings_text(reading: &Reading, terminal: &Terminal) -> String {
    let mut text = String::new();
    let texts = crate::stack::texts(&reading.sources);
    stackctl_view::findings_text(&reading.findings, &texts, terminal.err_style(), &mut text)
        .expect("writing to a String cannot fail");
    text
}

/// The texts that spans point into, as the views read them.
pub(crate) struct Texts<'a>(&'a Sources);

/// Lets the views read the texts.
pub(crate) fn texts(sources: &Sources) -> Texts<'_> {
    Texts(sources)
}

impl stackctl_view::Texts for Texts<'_> {
    fn text(&self, id: stackctl_model::SourceId) -> Option<(&str, &str)> {
        self.0.get(id).map(|source| (source.name.as_str(), source.text.as_str()))
    }
}

/// `3 errors, 1 warning in stack.kdl`
fn summary(findings: &[Finding], path: &Path) -> String {
    let count = |severity| findings.iter().filter(|finding| finding.severity == severity).count();
    let plural =
        |count: usize, word: &str| format!("{count} {word}{}", if count == 1 { "" } else { "s" });
    let errors = plural(count(Severity::Error), "error");
    let warnings = match count(Severity::Warning) {
        0 => String::new(),
        count => format!(", {}", plural(count, "warning")),
    };
    format!("error: {errors}{warnings} in {}; nothing was planned or applied", path.display())
}
