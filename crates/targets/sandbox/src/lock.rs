//! One writer at a time.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Write};
use std::path::Path;

use crate::SandboxError;

/// Held until it is dropped; the system lets go of it when the process dies.
#[derive(Debug)]
pub(crate) struct Lock {
    _file: File,
}

impl Lock {
    /// Takes the lock of a sandbox, or says who has it.
    pub(crate) fn take(folder: &Path) -> Result<Self, SandboxError> {
        let path = folder.join("lock");
        let failed = || SandboxError::io(&path, "locking the sandbox");
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(failed())?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let holder = holder(&mut file);
                return Err(SandboxError::Busy { path, holder });
            }
            Err(TryLockError::Error(error)) => return Err(failed()(error)),
        }
        let name = format!("process {}", std::process::id());
        file.set_len(0).and_then(|()| file.write_all(name.as_bytes())).map_err(failed())?;
        Ok(Self { _file: file })
    }
}

/// Who has the lock. It may not have written its name yet.
fn holder(file: &mut File) -> String {
    let mut name = String::new();
    match file.read_to_string(&mut name) {
        Ok(_) if !name.is_empty() => name,
        Ok(_) | Err(_) => "another process".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_writer_is_told_who_the_first_is() {
        let folder = tempfile::tempdir().unwrap();
        let first = Lock::take(folder.path()).unwrap();
        let error = Lock::take(folder.path()).unwrap_err().to_string();
        assert!(error.contains(&format!("process {} is writing", std::process::id())), "{error}");
        drop(first);
        assert!(Lock::take(folder.path()).is_ok());
    }
}
