//! Files on disk, for the language.

use std::fs;

use glob::MatchOptions;
use stackctl_lang::{FileError, Files};

/// A star stands for any letters within one name, a dot at its start included.
const MATCHING: MatchOptions = MatchOptions {
    case_sensitive: true,
    require_literal_separator: true,
    require_literal_leading_dot: false,
};

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
        let failed = |reason| FileError { path: pattern.to_owned(), reason };
        // Only stars mean more than they say.
        let literal = pattern.replace('[', "[[]").replace('?', "[?]");
        let paths =
            glob::glob_with(&literal, MATCHING).map_err(|error| failed(error.to_string()))?;
        // The crate leaves it out, and people find a file by the name they wrote.
        let start = if pattern.starts_with("./") { "./" } else { "" };
        let mut found = Vec::new();
        for path in paths {
            let path = path.map_err(|error| failed(reason(error.error())))?;
            if path.is_file() {
                found.push(format!("{start}{}", path.to_string_lossy()));
            }
        }
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
        fs::write(folder.path().join("[a]?.yaml"), "").unwrap();
        let found = |pattern: &str| {
            Disk.glob(&format!("{}/{pattern}", folder.path().display())).unwrap().len()
        };
        assert_eq!(found("a/*.yaml"), 1);
        assert_eq!(found("**/*.yaml"), 3);
        assert_eq!(found("[a]?*.yaml"), 1);
        assert_eq!(found("[ab]/*.yaml"), 0);
        assert_eq!(found("a/o*.yaml"), 1);
        assert_eq!(found("none/*.yaml"), 0);
    }
}
