//! Files on disk, for the language.

use std::fs;
use std::path::{Path, PathBuf};

use stackctl_lang::{FileError, Files};

/// Reads paths as they stand, relative to the folder the command runs in.
pub(crate) struct Disk;

impl Files for Disk {
    fn read(&self, path: &str) -> Result<String, FileError> {
        let bytes = fs::read(path)
            .map_err(|error| FileError { path: path.to_owned(), reason: reason(&error) })?;
        String::from_utf8(bytes).map_err(|error| FileError {
            path: path.to_owned(),
            reason: format!("is not UTF-8 (byte {})", error.utf8_error().valid_up_to()),
        })
    }

    fn glob(&self, pattern: &str) -> Result<Vec<String>, FileError> {
        let mut found = Vec::new();
        let start = if pattern.starts_with('/') { PathBuf::from("/") } else { PathBuf::new() };
        let parts: Vec<&str> = pattern.split('/').filter(|part| !part.is_empty()).collect();
        walk(&start, &parts, &mut found)
            .map_err(|error| FileError { path: pattern.to_owned(), reason: reason(&error) })?;
        found.sort();
        found.dedup();
        Ok(found)
    }
}

fn reason(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "no such file".to_owned(),
        std::io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        _ => error.to_string(),
    }
}

fn walk(folder: &Path, parts: &[&str], found: &mut Vec<String>) -> std::io::Result<()> {
    let Some((first, rest)) = parts.split_first() else {
        if folder.is_file() {
            found.push(folder.to_string_lossy().into_owned());
        }
        return Ok(());
    };
    if !first.contains('*') {
        return walk(&folder.join(first), rest, found);
    }
    if *first == "**" {
        walk(folder, rest, found)?;
    }
    let here = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let entries = match fs::read_dir(here) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    for entry in entries {
        let name = entry?.file_name().to_string_lossy().into_owned();
        let path = folder.join(&name);
        if *first == "**" {
            if path.is_dir() && !path.is_symlink() {
                walk(&path, parts, found)?;
            }
        } else if matches(first, &name) {
            walk(&path, rest, found)?;
        }
    }
    Ok(())
}

fn matches(pattern: &str, name: &str) -> bool {
    let Some((head, tail)) = pattern.split_once('*') else { return pattern == name };
    let Some(rest) = name.strip_prefix(head) else { return false };
    (0..=rest.len()).any(|at| rest.get(at..).is_some_and(|rest| matches(tail, rest)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_match_within_and_across_folders() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("a/b")).unwrap();
        for name in ["a/one.yaml", "a/b/two.yaml", "a/three.txt"] {
            fs::write(folder.path().join(name), "").unwrap();
        }
        let found = |pattern: &str| {
            Disk.glob(&format!("{}/{pattern}", folder.path().display())).unwrap().len()
        };
        assert_eq!(found("a/*.yaml"), 1);
        assert_eq!(found("**/*.yaml"), 2);
        assert_eq!(found("a/o*.yaml"), 1);
        assert_eq!(found("none/*.yaml"), 0);
    }
}
