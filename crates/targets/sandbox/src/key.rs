//! Digests of secrets, keyed so that they tell nothing but equality, and only within one sandbox.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD_NO_PAD;
use ring::hmac;
use ring::rand::{SecureRandom, SystemRandom};

use crate::SandboxError;

type Bytes = [u8; 32];

/// The sandbox's key: a file that only its owner may read, written before the first object.
pub(crate) struct Key {
    path: PathBuf,
    bytes: Mutex<Bytes>,
}

impl Key {
    /// Reads the key, or draws one.
    pub(crate) fn open(folder: &Path) -> Result<Self, SandboxError> {
        let path = folder.join("key");
        let bytes = match read(&path)? {
            Some(bytes) => bytes,
            None => drawn(&path)?,
        };
        Ok(Self { path, bytes: Mutex::new(bytes) })
    }

    /// Writes the key where there is none yet; takes the one that another run has written since.
    pub(crate) fn keep(&self) -> Result<(), SandboxError> {
        if let Some(theirs) = read(&self.path)? {
            *self.bytes() = theirs;
            return Ok(());
        }
        let failed = || SandboxError::io(&self.path, "writing the key");
        let folder = self.path.parent().unwrap_or(Path::new("."));
        // A temporary file belongs to its owner alone.
        let mut fresh = tempfile::NamedTempFile::new_in(folder).map_err(failed())?;
        let bytes = *self.bytes();
        fresh.write_all(&bytes).map_err(failed())?;
        fresh.as_file().sync_all().map_err(failed())?;
        fresh.persist(&self.path).map(drop).map_err(|error| failed()(error.error))
    }

    /// What stands in for a value.
    pub(crate) fn digest(&self, value: &[u8]) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &*self.bytes());
        BASE64_STANDARD_NO_PAD.encode(hmac::sign(&key, value))
    }

    fn bytes(&self) -> MutexGuard<'_, Bytes> {
        self.bytes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn read(path: &Path) -> Result<Option<Bytes>, SandboxError> {
    match std::fs::read(path) {
        Ok(bytes) => match Bytes::try_from(bytes.as_slice()) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(_) => Err(SandboxError::broken(path, "is not a key of 32 bytes")),
        },
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(SandboxError::io(path, "reading the key")(error)),
    }
}

fn drawn(path: &Path) -> Result<Bytes, SandboxError> {
    let mut bytes = Bytes::default();
    match SystemRandom::new().fill(&mut bytes) {
        Ok(()) => Ok(bytes),
        Err(_) => {
            Err(SandboxError::broken(path, "cannot be drawn: the system gives no random numbers"))
        }
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn the_key_is_kept_for_its_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        let key = Key::open(folder.path()).unwrap();
        assert!(!folder.path().join("key").exists(), "looking writes nothing");
        key.keep().unwrap();
        let mode = std::fs::metadata(folder.path().join("key")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert_eq!(Key::open(folder.path()).unwrap().digest(b"x"), key.digest(b"x"));
    }

    #[test]
    fn the_key_of_whoever_wrote_first_holds() {
        let folder = tempfile::tempdir().unwrap();
        let (one, other) = (Key::open(folder.path()).unwrap(), Key::open(folder.path()).unwrap());
        assert_ne!(one.digest(b"x"), other.digest(b"x"));
        one.keep().unwrap();
        other.keep().unwrap();
        assert_eq!(one.digest(b"x"), other.digest(b"x"));
    }
}
