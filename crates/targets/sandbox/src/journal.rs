//! What was written to each file, with who owns which field: the part of an object that people need not
//! read. It also spares reading unchanged files as YAML.
//!
//! One line a write: the file's path below the sandbox, a digest of its text, the object as JSON. The line
//! comes before the file: after a crash between the two the file still has the text of the line before, and
//! is known by that. A file whose text no line knows was edited by hand. Without the journal nothing is
//! lost: objects with a stack's mark then count as wholly owned.

use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use ring::digest;
use serde_json::Value;

use crate::SandboxError;
use crate::place::hexadecimal;

/// Lines that may be out of date before the journal is written anew, beside as many as hold.
const SLACK: usize = 1000;
/// What is said when it cannot be written.
const WRITING: &str = "writing the journal";

/// What tells one text of a file from another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TextDigest(String);

impl TextDigest {
    /// Of a file's text.
    pub(crate) fn of(text: &[u8]) -> Self {
        let digest = digest::digest(&digest::SHA256, text);
        Self(hexadecimal(digest.as_ref().get(..16).unwrap_or_default()))
    }
}

/// Where an object's JSON lies in the journal.
#[derive(Clone, Debug)]
struct Entry {
    digest: TextDigest,
    start: u64,
    length: usize,
}

/// The last two writes of a file: the last may not have reached it.
#[derive(Clone, Debug)]
struct Versions {
    last: Entry,
    before: Option<Entry>,
}

/// The journal of a sandbox.
#[derive(Debug)]
pub(crate) struct Journal {
    path: PathBuf,
    reader: Option<File>,
    writer: Option<File>,
    length: u64,
    lines: usize,
    /// Whether a crash has cut the last line short.
    is_torn: bool,
    versions: HashMap<String, Versions>,
}

impl Journal {
    /// Reads where everything is; the objects themselves stay on disk.
    pub(crate) fn open(folder: &Path) -> Result<Self, SandboxError> {
        let mut journal = Self {
            path: folder.join("journal"),
            reader: None,
            writer: None,
            length: 0,
            lines: 0,
            is_torn: false,
            versions: HashMap::new(),
        };
        match File::open(&journal.path) {
            Ok(file) => journal.scan(file)?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => {
                return Err(SandboxError::io(&journal.path, "reading the journal")(error));
            }
        }
        Ok(journal)
    }

    fn scan(&mut self, file: File) -> Result<(), SandboxError> {
        let mut reader = BufReader::with_capacity(1 << 16, &file);
        let mut line = Vec::new();
        loop {
            line.clear();
            let read = reader
                .read_until(b'\n', &mut line)
                .map_err(SandboxError::io(&self.path, "reading the journal"))?;
            if read == 0 {
                break;
            }
            self.is_torn = line.pop_if(|byte| *byte == b'\n').is_none();
            if !self.is_torn {
                self.learn(&line);
            }
            self.length += read as u64;
            self.lines += 1;
        }
        self.reader = Some(file);
        Ok(())
    }

    /// Takes in the line that begins where the journal ended so far; what cannot be read is passed over.
    fn learn(&mut self, line: &[u8]) {
        let Some((path, digest, object)) = parts(line) else { return };
        if object.is_empty() {
            self.versions.remove(path);
            return;
        }
        let before_object = line.len() - object.len();
        let entry = Entry {
            digest: TextDigest(digest.to_owned()),
            start: self.length + before_object as u64,
            length: object.len(),
        };
        match self.versions.get_mut(path) {
            Some(versions) => versions.before = Some(std::mem::replace(&mut versions.last, entry)),
            None => {
                self.versions.insert(path.to_owned(), Versions { last: entry, before: None });
            }
        }
    }

    /// The object that was written as this text.
    pub(crate) fn written(&self, path: &str, digest: &TextDigest) -> Option<Value> {
        let versions = self.versions.get(path)?;
        let both = [Some(&versions.last), versions.before.as_ref()];
        self.load(both.into_iter().flatten().find(|entry| entry.digest == *digest)?)
    }

    /// The object that was last written to a file, whatever the file holds now.
    pub(crate) fn last(&self, path: &str) -> Option<Value> {
        self.load(&self.versions.get(path)?.last)
    }

    fn load(&self, entry: &Entry) -> Option<Value> {
        let mut text = vec![0; entry.length];
        self.reader.as_ref()?.read_exact_at(&mut text, entry.start).ok()?;
        serde_json::from_slice(&text).ok()
    }

    /// Notes what is about to be written to a file.
    pub(crate) fn note(
        &mut self,
        path: &str,
        digest: &TextDigest,
        object: &Value,
    ) -> Result<(), SandboxError> {
        self.append(format!("{path}\t{}\t{object}", digest.0))
    }

    /// Notes that a file is no more.
    pub(crate) fn forget(&mut self, path: &str) -> Result<(), SandboxError> {
        if self.versions.contains_key(path) { self.append(format!("{path}\t\t")) } else { Ok(()) }
    }

    /// Only who holds the sandbox's lock may come here.
    fn append(&mut self, mut line: String) -> Result<(), SandboxError> {
        if self.lines > 3 * self.versions.len() + SLACK {
            self.compact()?;
        }
        let mut writer = self.open_writer()?;
        self.learn(line.as_bytes());
        line.push('\n');
        let written = writer.write_all(line.as_bytes());
        written.map_err(SandboxError::io(&self.path, WRITING))?;
        self.length += line.len() as u64;
        self.lines += 1;
        self.writer = Some(writer);
        Ok(())
    }

    /// The end of the journal, made sound when it is first written to.
    fn open_writer(&mut self) -> Result<File, SandboxError> {
        if let Some(writer) = self.writer.take() {
            return Ok(writer);
        }
        let failed = || SandboxError::io(&self.path, WRITING);
        let mut options = OpenOptions::new();
        let mut writer = options.append(true).create(true).open(&self.path).map_err(failed())?;
        if self.is_torn {
            writer.write_all(b"\n").map_err(failed())?;
            self.length += 1;
            self.is_torn = false;
        }
        if self.reader.is_none() {
            self.reader = Some(File::open(&self.path).map_err(failed())?);
        }
        Ok(writer)
    }

    /// Writes anew only what holds.
    fn compact(&mut self) -> Result<(), SandboxError> {
        let failed = || SandboxError::io(&self.path, "shortening the journal");
        let folder = self.path.parent().unwrap_or(Path::new("."));
        let fresh = tempfile::NamedTempFile::new_in(folder).map_err(failed())?;
        let mut writer = BufWriter::new(fresh.as_file());
        let mut paths: Vec<&String> = self.versions.keys().collect();
        paths.sort_unstable();
        for path in paths {
            let Some(versions) = self.versions.get(path) else { continue };
            for entry in versions.before.iter().chain([&versions.last]) {
                if let Some(object) = self.load(entry) {
                    writeln!(writer, "{path}\t{}\t{object}", entry.digest.0).map_err(failed())?;
                }
            }
        }
        writer.flush().map_err(failed())?;
        drop(writer);
        fresh.persist(&self.path).map_err(|error| failed()(error.error))?;
        *self = Self::open(folder)?;
        Ok(())
    }
}

/// A line's path, digest and object.
fn parts(line: &[u8]) -> Option<(&str, &str, &str)> {
    let mut parts = std::str::from_utf8(line).ok()?.splitn(3, '\t');
    Some((parts.next()?, parts.next()?, parts.next()?))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn digest(text: &str) -> TextDigest {
        TextDigest::of(text.as_bytes())
    }

    #[test]
    fn the_last_two_writes_of_a_file_are_known_by_their_text() {
        let folder = tempfile::tempdir().unwrap();
        let mut journal = Journal::open(folder.path()).unwrap();
        for text in ["one", "two", "three"] {
            journal.note("a", &digest(text), &json!({"is": text})).unwrap();
        }
        for journal in [journal, Journal::open(folder.path()).unwrap()] {
            assert_eq!(journal.written("a", &digest("three")), Some(json!({"is": "three"})));
            assert_eq!(journal.written("a", &digest("two")), Some(json!({"is": "two"})));
            assert_eq!(journal.written("a", &digest("one")), None);
            assert_eq!(journal.last("a"), Some(json!({"is": "three"})));
        }
    }

    #[test]
    fn a_line_cut_short_harms_no_other() {
        let folder = tempfile::tempdir().unwrap();
        let mut journal = Journal::open(folder.path()).unwrap();
        journal.note("a", &digest("a"), &json!({"is": "a"})).unwrap();
        let path = folder.path().join("journal");
        let mut text = std::fs::read_to_string(&path).unwrap();
        text.push_str("b\tdigest\t{\"is\": \"b");
        std::fs::write(&path, text).unwrap();
        let mut journal = Journal::open(folder.path()).unwrap();
        journal.note("c", &digest("c"), &json!({"is": "c"})).unwrap();
        for journal in [journal, Journal::open(folder.path()).unwrap()] {
            assert_eq!(journal.last("a"), Some(json!({"is": "a"})));
            assert_eq!(journal.last("b"), None);
            assert_eq!(journal.last("c"), Some(json!({"is": "c"})));
        }
    }

    #[test]
    fn it_stays_short_and_forgets_what_is_gone() {
        let folder = tempfile::tempdir().unwrap();
        let mut journal = Journal::open(folder.path()).unwrap();
        journal.note("kept", &digest("k"), &json!("kept")).unwrap();
        for round in 0..5000 {
            journal.note("a", &digest(&round.to_string()), &json!(round)).unwrap();
        }
        journal.forget("a").unwrap();
        assert!(journal.lines < 1100, "{}", journal.lines);
        let journal = Journal::open(folder.path()).unwrap();
        assert_eq!(journal.last("a"), None);
        assert_eq!(journal.last("kept"), Some(json!("kept")));
    }
}
