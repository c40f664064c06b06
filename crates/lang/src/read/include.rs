//! A stack's files to one list of blocks: those of an included file stand in place of its `include`.

use std::collections::BTreeMap;

use stackctl_model::{Finding, SecretSource, Severity, SourceId, Span, Spanned};

use super::paths::{folder, join, normal};
use crate::source::{Files, Sources};
use crate::syntax::{FileKind, parse};
use crate::value::{Block, Value};

/// How deep files may include each other.
const DEEPEST: usize = 32;

/// Reads the files of one stack.
pub(super) struct Loader<'a> {
    files: &'a dyn Files,
    sources: &'a mut Sources,
    path: &'a str,
    /// Files that are being read, outermost first: path relative to the stack's folder.
    open: Vec<String>,
    /// Files that were read, and where they were included.
    done: BTreeMap<String, Span>,
    root: Option<SourceId>,
    findings: Vec<Finding>,
}

impl<'a> Loader<'a> {
    pub(super) fn new(files: &'a dyn Files, path: &'a str, sources: &'a mut Sources) -> Self {
        Self {
            files,
            sources,
            path,
            open: Vec::new(),
            done: BTreeMap::new(),
            root: None,
            findings: Vec::new(),
        }
    }

    /// All blocks; `None` when the first file has none that can be trusted.
    pub(super) fn load(&mut self) -> Option<Vec<Block>> {
        let name = normal(self.path.rsplit('/').next().unwrap_or(self.path));
        self.file(&name, None)
    }

    /// The first file's source, and what went wrong.
    pub(super) fn finish(self) -> (Option<SourceId>, Vec<Finding>) {
        (self.root, self.findings)
    }

    /// Reads one file; `path` starts at the stack's folder.
    fn file(&mut self, path: &str, from: Option<Span>) -> Option<Vec<Block>> {
        let at = join(folder(self.path), path);
        let at = if from.is_none() { self.path.to_owned() } else { at };
        let text = match self.files.read(&at) {
            Ok(text) => text,
            Err(error) => {
                let message = format!("{} cannot be read: {}", error.path, error.reason);
                let finding = Finding::new("unreadable-file", Severity::Error, message);
                self.findings.push(match from {
                    Some(span) => {
                        finding.also(span, "").help("The path starts at the file that includes.")
                    }
                    None => finding,
                });
                return None;
            }
        };
        let source = self.sources.add(at, text.clone());
        self.root = self.root.or(Some(source));
        let parsed = parse(source, &text, FileKind::Stack);
        self.findings.extend(parsed.findings);
        self.open.push(path.to_owned());
        let blocks = parsed.blocks.map(|blocks| self.expand(blocks, folder(path)));
        self.open.pop();
        let whole = Span { source, start: 0, end: 0 };
        self.done.insert(path.to_owned(), from.unwrap_or(whole));
        blocks
    }

    /// Blocks with their includes read, and with paths that start at the stack's folder.
    fn expand(&mut self, blocks: Vec<Block>, folder: &str) -> Vec<Block> {
        let mut expanded = Vec::new();
        for mut block in blocks {
            match block.args.first() {
                Some(Spanned { value: Value::Text(path), span })
                    if block.name.value == "include" =>
                {
                    let (path, span) = (path.clone(), *span);
                    expanded.extend(self.include(&path, span, folder));
                    expanded.push(block);
                }
                Some(_) | None => {
                    relocate_manifest(&mut block, folder);
                    relocate(&mut block, folder);
                    expanded.push(block);
                }
            }
        }
        expanded
    }

    fn include(&mut self, written: &str, span: Span, base: &str) -> Vec<Block> {
        let path = join(base, written);
        if !written.contains('*') {
            return self.one(&path, span);
        }
        let start = folder(self.path);
        let found = self.files.glob(&join(start, &path)).unwrap_or_default();
        if found.is_empty() {
            let message = format!("no file matches {written:?}");
            let finding = Finding::error("unreadable-file", message, span);
            self.findings.push(finding.help("The path starts at the file that includes."));
        }
        let inside =
            |path: &str| match path.strip_prefix(start).and_then(|rest| rest.strip_prefix('/')) {
                Some(rest) if !start.is_empty() => rest.to_owned(),
                Some(_) | None => path.to_owned(),
            };
        found.iter().flat_map(|path| self.one(&normal(&inside(path)), span)).collect()
    }

    fn one(&mut self, path: &str, span: Span) -> Vec<Block> {
        if let Some(start) = self.open.iter().position(|open| open == path) {
            let circle: Vec<&str> =
                self.open.iter().skip(start).map(String::as_str).chain([path]).collect();
            let message = format!("files include each other in a circle: {}", circle.join(" → "));
            let finding = Finding::error("include-cycle", message, span);
            self.findings.push(finding.help("Take out one of the includes."));
            return Vec::new();
        }
        if let Some(first) = self.done.get(path) {
            let message = format!("{path} is included twice");
            let finding = Finding::error("said-twice", message, span).also(*first, "first here");
            self.findings.push(finding.help("Keep one of them."));
            return Vec::new();
        }
        if self.open.len() >= DEEPEST {
            let message = format!("files include each other more than {DEEPEST} deep");
            self.findings.push(Finding::error("too-deep", message, span));
            return Vec::new();
        }
        self.file(path, Some(span)).unwrap_or_default()
    }
}

fn relocate_manifest(block: &mut Block, folder: &str) {
    if block.name.value != "manifest" || folder.is_empty() {
        return;
    }
    if let Some(Spanned { value: Value::Text(path), .. }) = block.args.first_mut() {
        *path = join(folder, path);
    }
}

/// Paths of secrets start at the file that names them; from here on at the stack's folder.
fn relocate(block: &mut Block, folder: &str) {
    if folder.is_empty() {
        return;
    }
    let values = block.args.iter_mut().chain(block.props.iter_mut().map(|(_, value)| value));
    for value in values {
        match &mut value.value {
            Value::Secret(SecretSource::File(path) | SecretSource::Sops { file: path, .. }) => {
                *path = join(folder, path);
            }
            Value::Null
            | Value::Bool(_)
            | Value::Integer(_)
            | Value::Float(_)
            | Value::Text(_)
            | Value::Secret(
                SecretSource::Env(_)
                | SecretSource::Exec(_)
                | SecretSource::Generate { .. }
                | SecretSource::Unrecorded,
            )
            | Value::Knob(_) => {}
        }
    }
    for child in &mut block.children {
        relocate(child, folder);
    }
}
