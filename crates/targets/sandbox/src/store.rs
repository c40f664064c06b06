//! The objects of a sandbox: read from their files each time, written whole or not at all.

use std::io::{ErrorKind, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use stackctl_model::ObjectId;
use stackctl_plan::kubernetes::{Schema, merge};
use stackctl_plan::mark_of;

use crate::journal::{Journal, TextDigest};
use crate::lock::Lock;
use crate::place::{self, OBJECTS};
use crate::{SandboxError, yaml};

/// How temporary files begin; a crash may leave some behind.
const UNFINISHED: &str = ".unfinished-";
/// Everybody may read objects, as far as the user's mask allows.
const MODE: u32 = 0o644;

/// The objects of a sandbox.
#[derive(Debug)]
pub(crate) struct Store {
    folder: PathBuf,
    journal: Journal,
    lock: Option<Lock>,
}

impl Store {
    /// A folder that is not there is an empty cluster.
    pub(crate) fn open(folder: &Path) -> Result<Self, SandboxError> {
        Ok(Self { folder: folder.to_owned(), journal: Journal::open(folder)?, lock: None })
    }

    /// Reads again who owns what: another run may have written since.
    pub(crate) fn refresh(&mut self) -> Result<(), SandboxError> {
        if self.lock.is_none() {
            self.journal = Journal::open(&self.folder)?;
        }
        Ok(())
    }

    /// Whether others are kept from writing.
    pub(crate) fn is_locked(&self) -> bool {
        self.lock.is_some()
    }

    /// Keeps others from writing until this store is dropped. Makes the folder where there is none.
    pub(crate) fn lock(&mut self) -> Result<(), SandboxError> {
        if self.is_locked() {
            return Ok(());
        }
        let objects = self.folder.join(OBJECTS);
        std::fs::create_dir_all(&objects)
            .map_err(SandboxError::io(&objects, "making the sandbox"))?;
        self.lock = Some(Lock::take(&self.folder)?);
        self.journal = Journal::open(&self.folder)?;
        keep_out_of_git(&self.folder)?;
        let left_over = |name: &str| name.starts_with(UNFINISHED);
        for path in files(&self.folder, &left_over)? {
            remove_file(&self.folder.join(path))?;
        }
        Ok(())
    }

    /// Lets others write again.
    pub(crate) fn unlock(&mut self) {
        self.lock = None;
    }

    /// The paths of all objects below the sandbox's folder, in order.
    pub(crate) fn paths(&self) -> Result<Vec<String>, SandboxError> {
        let is_object = |name: &str| {
            !name.starts_with('.') && name.rsplit_once('.').is_some_and(|(_, end)| end == "yaml")
        };
        let mut paths = files(&self.folder, &is_object)?;
        paths.sort_unstable();
        Ok(paths)
    }

    /// One object.
    pub(crate) fn get(&self, id: &ObjectId) -> Result<Option<Value>, SandboxError> {
        self.read(&place::file(id)).map(|found| found.map(|(_, object)| object))
    }

    /// Whether a namespace exists.
    pub(crate) fn has_namespace(&self, name: &str) -> bool {
        let id = ObjectId {
            kind: "Namespace".to_owned(),
            group: String::new(),
            namespace: None,
            name: name.to_owned(),
        };
        self.folder.join(place::file(&id)).is_file()
    }

    /// The object in a file: as the journal knows it when the file has the text that was written last,
    /// else as it was edited, with the owners it had.
    pub(crate) fn read(&self, path: &str) -> Result<Option<(ObjectId, Value)>, SandboxError> {
        let whole = self.folder.join(path);
        let text = match std::fs::read(&whole) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(SandboxError::io(whole, "reading an object")(error)),
        };
        let written = self.journal.written(path, &TextDigest::of(&text));
        let object = match written {
            Some(object) => object,
            None => self.edited(path, text)?,
        };
        let Some(id) = place::id(&object) else {
            let reason = "is no object: apiVersion, kind or metadata.name is missing";
            return Err(SandboxError::broken(whole, reason));
        };
        let belongs = place::file(&id);
        if belongs != path {
            let reason = format!("holds {id}, whose file is {belongs}");
            return Err(SandboxError::broken(whole, reason));
        }
        Ok(Some((id, object)))
    }

    fn edited(&self, path: &str, text: Vec<u8>) -> Result<Value, SandboxError> {
        let broken = |reason: String| SandboxError::broken(self.folder.join(path), reason);
        let text = String::from_utf8(text).map_err(|_| broken("is not UTF-8".to_owned()))?;
        let mut object = yaml::object(&text).map_err(broken)?;
        match self.journal.last(path) {
            Some(before) => keep_hidden(&before, &mut object),
            // The journal is lost: what has a stack's mark was written by stackctl.
            None if mark_of(&object).is_some() => {
                object = merge(None, &object, Schema::embedded());
            }
            None => {}
        }
        Ok(object)
    }

    /// Writes an object. It gets a uid when it has none. The store must be locked.
    pub(crate) fn put(&mut self, id: &ObjectId, mut object: Value) -> Result<(), SandboxError> {
        let path = place::file(id);
        if let Some(metadata) = object.get_mut("metadata").and_then(Value::as_object_mut) {
            metadata.entry("uid").or_insert_with(|| json!(new_uid()));
        }
        let text = yaml::text(&readable(&object));
        self.journal.note(&path, &TextDigest::of(text.as_bytes()), &object)?;
        write(&self.folder.join(path), &text)
    }

    /// Deletes an object; one that is not there is as good as deleted. A namespace takes with it all that
    /// is in it. The store must be locked.
    pub(crate) fn remove(&mut self, id: &ObjectId) -> Result<(), SandboxError> {
        if id.kind == "Namespace" && id.group.is_empty() {
            let folder = place::namespace_folder(Some(&id.name));
            for path in self.paths()? {
                if path.split('/').nth(2) == Some(folder.as_str()) {
                    self.remove_path(&path)?;
                }
            }
        }
        self.remove_path(&place::file(id))
    }

    fn remove_path(&mut self, path: &str) -> Result<(), SandboxError> {
        let whole = self.folder.join(path);
        remove_file(&whole)?;
        for folder in whole.ancestors().skip(1).take(2) {
            // A folder that still holds something stays.
            let _ = std::fs::remove_dir(folder);
        }
        self.journal.forget(path)
    }
}

/// What the journal keeps and people need not read, below `metadata`.
const HIDDEN: [&str; 2] = ["managedFields", "uid"];

/// Gives an edited object what its file does not show.
fn keep_hidden(before: &Value, object: &mut Value) {
    let Some(metadata) = object.get_mut("metadata").and_then(Value::as_object_mut) else { return };
    for name in HIDDEN {
        if let Some(value) = before["metadata"].get(name) {
            metadata.insert(name.to_owned(), value.clone());
        }
    }
}

/// What a person wants to see of an object.
fn readable(object: &Value) -> Value {
    let mut object = object.clone();
    if let Some(metadata) = object.get_mut("metadata").and_then(Value::as_object_mut) {
        metadata.retain(|name, _| !HIDDEN.contains(&name.as_str()));
    }
    object
}

/// A uid in the form of the server's.
fn new_uid() -> String {
    use ring::rand::{SecureRandom, SystemRandom};
    let mut bytes = [0_u8; 16];
    // Without randomness all objects share a uid, which only weakens a safety check.
    let _ = SystemRandom::new().fill(&mut bytes);
    let hexadecimal = place::hexadecimal(&bytes);
    let part = |from: usize, to: usize| hexadecimal.get(from..to).unwrap_or_default();
    format!("{}-{}-{}-{}-{}", part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32))
}

/// Writes a file beside its place and moves it there, so that it is old or new, never half.
pub(crate) fn write(path: &Path, text: &str) -> Result<(), SandboxError> {
    let failed = || SandboxError::io(path, "writing an object");
    let folder = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder).map_err(failed())?;
    let mut fresh = tempfile::Builder::new()
        .prefix(UNFINISHED)
        .permissions(std::fs::Permissions::from_mode(MODE))
        .tempfile_in(folder)
        .map_err(failed())?;
    fresh.write_all(text.as_bytes()).map_err(failed())?;
    fresh.as_file().sync_data().map_err(failed())?;
    fresh.persist(path).map(drop).map_err(|error| failed()(error.error))
}

pub(crate) fn remove_file(path: &Path) -> Result<(), SandboxError> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(SandboxError::io(path, "deleting a file")(error))
        }
        Ok(()) | Err(_) => Ok(()),
    }
}

/// A sandbox is nobody's source.
fn keep_out_of_git(folder: &Path) -> Result<(), SandboxError> {
    let path = folder.join(".gitignore");
    if path.exists() {
        return Ok(());
    }
    std::fs::write(&path, "*\n").map_err(SandboxError::io(&path, "making the sandbox"))
}

/// The paths, below the sandbox's folder, of the files of objects whose names are wanted.
fn files(folder: &Path, is_wanted: &dyn Fn(&str) -> bool) -> Result<Vec<String>, SandboxError> {
    let mut paths = Vec::new();
    let mut folders = vec![OBJECTS.to_owned()];
    while let Some(below) = folders.pop() {
        let whole = folder.join(&below);
        let failed = || SandboxError::io(&whole, "listing objects");
        let entries = match std::fs::read_dir(&whole) {
            Ok(entries) => entries,
            Err(error) if error.kind() == ErrorKind::NotFound => continue,
            Err(error) => return Err(failed()(error)),
        };
        for entry in entries {
            let entry = entry.map_err(failed())?;
            // No file of ours has a name that is not UTF-8.
            let Ok(name) = entry.file_name().into_string() else { continue };
            if entry.file_type().map_err(failed())?.is_dir() {
                folders.push(format!("{below}/{name}"));
            } else if is_wanted(&name) {
                paths.push(format!("{below}/{name}"));
            }
        }
    }
    Ok(paths)
}

#[cfg(test)]
mod tests;
