//! Finds the stack: the file that was named, or the `stack.kdl` here or above.

use std::path::{Path, PathBuf};

use crate::error::Error;

/// The stack's path, as short as it can be written from here.
pub(crate) fn stack(named: Option<&Path>) -> Result<PathBuf, Error> {
    if let Some(path) = named {
        let path = if path.is_dir() { path.join("stack.kdl") } else { path.to_owned() };
        return Ok(path);
    }
    let here = std::env::current_dir().map_err(|source| Error::Io {
        what: "the current folder cannot be read".to_owned(),
        source,
    })?;
    let mut relative = PathBuf::from("stack.kdl");
    for _ in here.ancestors() {
        if relative.is_file() {
            return Ok(relative);
        }
        relative = Path::new("..").join(relative);
    }
    Err(Error::NoStack { from: here })
}

/// The folder the stack's relative paths start at.
pub(crate) fn folder(stack: &Path) -> PathBuf {
    match stack.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => PathBuf::from("."),
    }
}
