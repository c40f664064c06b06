//! Digests of secrets, keyed so that they tell nothing but equality, and only to the key's owner.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD_NO_PAD;
use ring::rand::{SecureRandom, SystemRandom};
use ring::{digest, hmac};

type Bytes = [u8; 32];

/// A key of digests: of one run, or kept in a file that only its owner may read.
pub struct DigestKey {
    path: Option<PathBuf>,
    bytes: Mutex<Bytes>,
}

/// Why a key cannot be had.
#[derive(Debug, thiserror::Error)]
#[error("{}: {reason}", path.display())]
pub struct KeyError {
    /// The key's file.
    pub path: PathBuf,
    /// What is wrong.
    pub reason: String,
}

impl KeyError {
    fn io(path: &Path, doing: &str, error: &std::io::Error) -> Self {
        Self { path: path.to_owned(), reason: format!("{doing} the key failed ({})", error.kind()) }
    }
}

impl DigestKey {
    /// A key that nobody else has and nobody keeps.
    pub fn of_this_run() -> Self {
        // Without randomness digests are still never shown.
        Self { path: None, bytes: Mutex::new(drawn().unwrap_or_default()) }
    }

    /// A key made of a passphrase, for machines that share no file.
    pub fn of_passphrase(passphrase: &str) -> Self {
        let hashed = digest::digest(&digest::SHA256, passphrase.as_bytes());
        let bytes = Bytes::try_from(hashed.as_ref()).unwrap_or_default();
        Self { path: None, bytes: Mutex::new(bytes) }
    }

    /// The key in a file. Where there is none yet, one is drawn; [`DigestKey::keep`] writes it.
    pub fn open(path: &Path) -> Result<Self, KeyError> {
        let bytes = match read(path)? {
            Some(bytes) => bytes,
            None => drawn().ok_or_else(|| KeyError {
                path: path.to_owned(),
                reason: "cannot be drawn: the system gives no random numbers".to_owned(),
            })?,
        };
        Ok(Self { path: Some(path.to_owned()), bytes: Mutex::new(bytes) })
    }

    /// Writes the key where there is none yet; takes the one that another run has written since.
    pub fn keep(&self) -> Result<(), KeyError> {
        let Some(path) = &self.path else { return Ok(()) };
        if let Some(theirs) = read(path)? {
            *self.bytes() = theirs;
            return Ok(());
        }
        let failed = |error: std::io::Error| KeyError::io(path, "writing", &error);
        let folder = path.parent().unwrap_or(Path::new("."));
        std::fs::create_dir_all(folder).map_err(failed)?;
        // A temporary file belongs to its owner alone.
        let mut fresh = tempfile::NamedTempFile::new_in(folder).map_err(failed)?;
        let bytes = *self.bytes();
        fresh.write_all(&bytes).map_err(failed)?;
        fresh.as_file().sync_all().map_err(failed)?;
        fresh.persist(path).map(drop).map_err(|error| failed(error.error))
    }

    /// What stands in for a value.
    pub fn digest(&self, value: &[u8]) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &*self.bytes());
        BASE64_STANDARD_NO_PAD.encode(hmac::sign(&key, value))
    }

    fn bytes(&self) -> MutexGuard<'_, Bytes> {
        self.bytes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn read(path: &Path) -> Result<Option<Bytes>, KeyError> {
    match std::fs::read(path) {
        Ok(bytes) => match Bytes::try_from(bytes.as_slice()) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(_) => Err(KeyError {
                path: path.to_owned(),
                reason: "is not a key of 32 bytes".to_owned(),
            }),
        },
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(KeyError::io(path, "reading", &error)),
    }
}

fn drawn() -> Option<Bytes> {
    let mut bytes = Bytes::default();
    SystemRandom::new().fill(&mut bytes).ok().map(|()| bytes)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn the_key_is_kept_for_its_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        let key = DigestKey::open(&path).unwrap();
        assert!(!path.exists(), "looking writes nothing");
        key.keep().unwrap();
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert_eq!(DigestKey::open(&path).unwrap().digest(b"x"), key.digest(b"x"));
    }

    #[test]
    fn the_key_of_whoever_wrote_first_holds() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        let (one, other) = (DigestKey::open(&path).unwrap(), DigestKey::open(&path).unwrap());
        assert_ne!(one.digest(b"x"), other.digest(b"x"));
        one.keep().unwrap();
        other.keep().unwrap();
        assert_eq!(one.digest(b"x"), other.digest(b"x"));
    }

    #[test]
    fn a_passphrase_is_the_same_key_everywhere_and_a_run_has_its_own() {
        let shared = || DigestKey::of_passphrase("a").digest(b"x");
        assert_eq!(shared(), shared());
        let own = || DigestKey::of_this_run().digest(b"x");
        assert_ne!(own(), own());
    }
}
