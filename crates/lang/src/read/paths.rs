//! Paths as texts: joined, and with `.` and `..` taken out.

/// A path that is relative to a folder; absolute ones stay.
pub(super) fn join(folder: &str, path: &str) -> String {
    if path.starts_with('/') || folder.is_empty() {
        normal(path)
    } else {
        normal(&format!("{folder}/{path}"))
    }
}

/// The folder of a file; empty for one beside.
pub(super) fn folder(path: &str) -> &str {
    match path.rsplit_once('/') {
        Some(("", _)) => "/",
        Some((folder, _)) => folder,
        None => "",
    }
}

/// Without `.`, and without `..` where a name stands before it.
pub(super) fn normal(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/').filter(|part| !part.is_empty() && *part != ".") {
        match parts.last() {
            Some(last) if part == ".." && *last != ".." => {
                parts.pop();
            }
            _ => parts.push(part),
        }
    }
    let start = if path.starts_with('/') { "/" } else { "" };
    format!("{start}{}", parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::{folder, join};

    #[test]
    fn paths_start_at_the_folder_they_are_named_in() {
        assert_eq!(join("", "a.kdl"), "a.kdl");
        assert_eq!(join("apps", "../b/./c.kdl"), "b/c.kdl");
        assert_eq!(join("apps", "../../c.kdl"), "../c.kdl");
        assert_eq!(join("apps", "/c.kdl"), "/c.kdl");
        assert_eq!(folder("/a/b.kdl"), "/a");
        assert_eq!(folder("/b.kdl"), "/");
        assert_eq!(folder("b.kdl"), "");
    }
}
