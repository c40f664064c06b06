//! Files in memory, and findings as one reads them.

use std::collections::BTreeMap;
use std::fmt::Write;

use stackctl_lang::{FileError, Files, Sources, Stack, read_module, read_stack};
use stackctl_model::Finding;

/// Texts by path.
#[derive(Default)]
pub(crate) struct Memory(BTreeMap<String, String>);

impl Memory {
    pub(crate) fn of<const N: usize>(files: [(&str, &str); N]) -> Self {
        Self(files.map(|(path, text)| (path.to_owned(), text.to_owned())).into())
    }
}

impl Files for Memory {
    fn read(&self, path: &str) -> Result<String, FileError> {
        let missing = || FileError { path: path.to_owned(), reason: "no such file".to_owned() };
        self.0.get(path).cloned().ok_or_else(missing)
    }

    fn glob(&self, pattern: &str) -> Result<Vec<String>, FileError> {
        let (head, tail) = pattern.split_once('*').unwrap_or((pattern, ""));
        Ok(self
            .0
            .keys()
            .filter(|path| path.starts_with(head) && path.ends_with(tail))
            .cloned()
            .collect())
    }
}

/// A stack of one file.
pub(crate) fn stack(text: &str) -> (Option<Stack>, Vec<Finding>, Sources) {
    let mut sources = Sources::default();
    let (stack, findings) =
        read_stack(&Memory::of([("stack.kdl", text)]), "stack.kdl", &mut sources);
    (stack, findings, sources)
}

/// Findings of a stack of one file, one per line.
pub(crate) fn said(text: &str) -> String {
    let (_, findings, sources) = stack(text);
    shown(&findings, &sources)
}

/// Findings of a module, one per line.
pub(crate) fn said_of_module(text: &str) -> String {
    let mut sources = Sources::default();
    let (_, findings) =
        read_module(&Memory::of([("module.kdl", text)]), "module.kdl", &mut sources);
    shown(&findings, &sources)
}

/// Findings as lines: place, code, message, what is underlined, help, fix.
pub(crate) fn shown(findings: &[Finding], sources: &Sources) -> String {
    let mut text = String::new();
    for finding in findings {
        let span = finding.span().unwrap_or_default();
        let whole = sources.get(span.source).map_or("", |source| source.text.as_str());
        let marked = whole.get(span.start..span.end).unwrap_or("(bad span)");
        let _ = writeln!(
            text,
            "{} {}: {} ⟨{marked}⟩",
            sources.origin(span),
            finding.code,
            finding.message
        );
        for help in &finding.help {
            let _ = writeln!(text, "    {help}");
        }
        if let Some(fix) = &finding.fix {
            let _ = writeln!(text, "    fix: {}", fix.text);
        }
    }
    text
}
