//! Reads secrets where the stack says they are, as late as can be, each of them once.

mod command;
mod error;
mod generate;
mod key;
mod mask;
mod newline;

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures::StreamExt;
use stackctl_model::{SecretSource, SecretValue};
use zeroize::Zeroizing;

pub use error::SecretError;
pub use key::{DigestKey, KeyError};
pub use mask::Masks;

use newline::without_newline;

/// How long a file may be: what the API server takes, in bytes.
const LONGEST_FILE: usize = 1024 * 1024;
/// How many secrets are read at once.
const AT_ONCE: usize = 4;

/// Reads secrets and remembers what it has read, so that a password manager asks its owner once.
pub struct SecretReader {
    folder: PathBuf,
    masks: Masks,
    /// Variables that hold secrets: no child needs them.
    variables: Mutex<BTreeSet<String>>,
    known: Mutex<BTreeMap<SecretSource, SecretValue>>,
}

impl SecretReader {
    /// A reader whose relative paths start at `folder`.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        let folder = folder.into();
        let folder = if folder.as_os_str().is_empty() { PathBuf::from(".") } else { folder };
        Self {
            folder,
            masks: Masks::default(),
            variables: Mutex::default(),
            known: Mutex::default(),
        }
    }

    /// The same; what is read is hidden by these masks.
    #[must_use]
    pub fn hidden_by(self, masks: Masks) -> Self {
        Self { masks, ..self }
    }

    /// The value. A generated one is made anew at each call.
    pub fn read(&self, source: &SecretSource) -> Result<SecretValue, SecretError> {
        if let Some(value) = self.known(source) {
            return Ok(value);
        }
        let value = self.fetch(source)?;
        if value.expose().is_empty() {
            return Err(SecretError::Empty { source_text: source.to_string() });
        }
        self.masks.add(&value);
        if !matches!(source, SecretSource::Generate { .. }) {
            self.values().insert(source.clone(), copy(&value));
        }
        Ok(value)
    }

    /// The value if it has been read before. Reads nothing.
    pub(crate) fn known(&self, source: &SecretSource) -> Option<SecretValue> {
        self.values().get(source).map(copy)
    }

    /// Reads all of these off the runtime's threads; those that cannot be read come back with why.
    pub(crate) async fn read_ahead(
        self: &Arc<Self>,
        sources: BTreeSet<SecretSource>,
    ) -> BTreeMap<SecretSource, SecretError> {
        let variables = sources.iter().filter_map(|source| match source {
            SecretSource::Env(name) => Some(name.clone()),
            SecretSource::File(_)
            | SecretSource::Sops { .. }
            | SecretSource::Exec(_)
            | SecretSource::Generate { .. }
            | SecretSource::Unrecorded => None,
        });
        self.variables.lock().unwrap_or_else(PoisonError::into_inner).extend(variables);
        let reads = sources.into_iter().map(|source| {
            let reader = Arc::clone(self);
            tokio::task::spawn_blocking(move || {
                let error = reader.read(&source).err();
                error.map(|error| (source, error))
            })
        });
        let ended: Vec<_> = futures::stream::iter(reads).buffer_unordered(AT_ONCE).collect().await;
        // A read that panicked left nothing behind and is tried again when the value is needed.
        ended.into_iter().filter_map(Result::ok).flatten().collect()
    }

    fn values(&self) -> MutexGuard<'_, BTreeMap<SecretSource, SecretValue>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A child that knows none of the stack's secrets.
    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        for name in self.variables.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            command.env_remove(name);
        }
        command
    }

    fn fetch(&self, source: &SecretSource) -> Result<SecretValue, SecretError> {
        match source {
            SecretSource::Env(name) => std::env::var_os(name)
                .map(|value| SecretValue::new(value.into_encoded_bytes()))
                .ok_or_else(|| SecretError::NotSet { name: name.clone() }),
            SecretSource::File(path) => read_file(&self.folder.join(path), path),
            SecretSource::Exec(text) => {
                let mut command = self.command("sh");
                command.args(["-c", text]).current_dir(&self.folder);
                command::output(text, &mut command)
            }
            SecretSource::Sops { file, key } => {
                let mut command = self.command("sops");
                command
                    .args(["decrypt", "--extract", &extraction(key)])
                    .arg(self.folder.join(file));
                command::output(&format!("sops decrypt {file}"), &mut command)
            }
            SecretSource::Unrecorded => Err(SecretError::Unrecorded),
            SecretSource::Generate { alphabet, length } => generate::value(*alphabet, *length),
        }
    }
}

impl std::fmt::Debug for SecretReader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SecretReader").field("folder", &self.folder).finish_non_exhaustive()
    }
}

fn copy(value: &SecretValue) -> SecretValue {
    SecretValue::new(value.expose().to_vec())
}

fn read_file(path: &Path, shown: &str) -> Result<SecretValue, SecretError> {
    let failed = |reason: String| SecretError::File { path: shown.to_owned(), reason };
    // Room for all of it: a vector that grows leaves what it held behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(LONGEST_FILE + 2));
    File::open(path)
        .and_then(|file| file.take(LONGEST_FILE as u64 + 1).read_to_end(&mut bytes))
        .map_err(|error| failed(error.kind().to_string()))?;
    let value = SecretValue::new(without_newline(std::mem::take(&mut *bytes)));
    if value.expose().len() > LONGEST_FILE {
        return Err(failed(format!("longer than {} KiB", LONGEST_FILE / 1024)));
    }
    Ok(value)
}

/// A dotted path as sops writes it: `["database"]["users"][0]`.
fn extraction(key: &str) -> String {
    let mut path = String::new();
    for part in key.split('.') {
        let index = part.parse::<usize>().ok().map(|index| index.to_string());
        let quoted = index.unwrap_or_else(|| serde_json::Value::from(part).to_string());
        path.extend(["[", &quoted, "]"]);
    }
    path
}

#[cfg(test)]
mod tests;
