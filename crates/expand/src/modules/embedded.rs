//! The modules in the binary: every `module.kdl` and template of the top-level `modules/` folder.

use stackctl_lang::{FileError, Files};

macro_rules! embed {
    ($($path:literal),* $(,)?) => {
        &[$(($path, include_str!(concat!("../../../../modules/", $path)))),*]
    };
}

/// Path in `modules/` and text.
pub(crate) const EMBEDDED: &[(&str, &str)] = embed![
    "app/module.kdl",
    "app/claims.yaml.tera",
    "app/http-route.yaml.tera",
    "app/resource-claim.yaml.tera",
    "app/service.yaml.tera",
    "app/service-monitor.yaml.tera",
    "app/workload.yaml.tera",
    "arr/module.kdl",
    "arr/workload.yaml.tera",
    "bazarr/module.kdl",
    "bazarr/workload.yaml.tera",
    "home-assistant/module.kdl",
    "jellyfin/module.kdl",
    "jellyfin/init.yaml.tera",
    "jellyfin/scan.yaml.tera",
    "jellyfin/workload.yaml.tera",
    "prowlarr/module.kdl",
    "qbittorrent/module.kdl",
    "radarr/module.kdl",
    "sonarr/module.kdl",
];

/// The embedded modules as files; whatever stands before the module's folder is ignored.
pub(crate) struct Embedded;

impl Files for Embedded {
    fn read(&self, path: &str) -> Result<String, FileError> {
        EMBEDDED
            .iter()
            .find(|(known, _)| {
                path.strip_suffix(known)
                    .is_some_and(|before| before.is_empty() || before.ends_with('/'))
            })
            .map(|(_, text)| (*text).to_owned())
            .ok_or_else(|| FileError {
                path: path.to_owned(),
                reason: "no such file is embedded".to_owned(),
            })
    }

    fn glob(&self, _pattern: &str) -> Result<Vec<String>, FileError> {
        Ok(Vec::new())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::{Path, PathBuf};

    use super::EMBEDDED;

    #[expect(clippy::disallowed_methods, reason = "the test compares the binary with the disk")]
    fn walk(folder: &Path, found: &mut BTreeSet<PathBuf>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                if path.file_name().is_some_and(|name| name != "tests") {
                    walk(&path, found);
                }
            } else if path.extension().is_some_and(|kind| kind == "kdl" || kind == "tera") {
                found.insert(path);
            }
        }
    }

    #[test]
    fn no_file_of_a_module_is_forgotten() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../modules");
        let mut on_disk = BTreeSet::new();
        walk(&folder, &mut on_disk);
        let embedded = EMBEDDED.iter().map(|(path, _)| folder.join(path)).collect();
        assert_eq!(on_disk, embedded);
    }
}
