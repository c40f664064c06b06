//! The texts of a run, and where they come from.

use std::fmt;

use stackctl_model::{Origin, SourceId, Span};

/// Where texts come from: the disk for the command, memory for tests and embedded modules.
pub trait Files {
    /// The text of a file; paths are relative to wherever the implementation starts.
    fn read(&self, path: &str) -> Result<String, FileError>;
    /// The paths that match a pattern with `*` and `**`, sorted. Empty when none does.
    fn glob(&self, pattern: &str) -> Result<Vec<String>, FileError>;
}

/// Why a file could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileError {
    /// The path that was asked for.
    pub path: String,
    /// What went wrong, in words, without the path.
    pub reason: String,
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path, self.reason)
    }
}

impl std::error::Error for FileError {}

/// One text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Its path as the user would name it.
    pub name: String,
    /// Its whole content.
    pub text: String,
}

/// All texts read in a run; spans point into them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sources {
    texts: Vec<Source>,
    /// For each text, the byte every line starts at.
    lines: Vec<Vec<usize>>,
}

impl Sources {
    /// Adds a text.
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<String>) -> SourceId {
        let id = SourceId(u32::try_from(self.texts.len()).unwrap_or(u32::MAX));
        let text = text.into();
        let starts = text.match_indices('\n').map(|(newline, _)| newline + 1);
        self.lines.push(std::iter::once(0).chain(starts).collect());
        self.texts.push(Source { name: name.into(), text });
        id
    }

    /// A text that was added.
    pub fn get(&self, id: SourceId) -> Option<&Source> {
        self.texts.get(usize::try_from(id.0).ok()?)
    }

    /// All texts, in the order they were read.
    pub fn iter(&self) -> impl Iterator<Item = &Source> {
        self.texts.iter()
    }

    /// Line and column of a span's start.
    pub fn origin(&self, span: Span) -> Origin {
        let Some(source) = self.get(span.source) else { return Origin::default() };
        let mut end = span.start.min(source.text.len());
        while !source.text.is_char_boundary(end) {
            end -= 1;
        }
        let starts = self.line_starts(span.source);
        let line = starts.partition_point(|start| *start <= end);
        let line_start = line.checked_sub(1).and_then(|at| starts.get(at)).copied().unwrap_or(0);
        Origin {
            file: source.name.clone(),
            line,
            column: source.text.get(line_start..end).unwrap_or_default().chars().count() + 1,
        }
    }

    fn line_starts(&self, id: SourceId) -> &[usize] {
        usize::try_from(id.0).ok().and_then(|at| self.lines.get(at)).map_or(&[], Vec::as_slice)
    }
}
