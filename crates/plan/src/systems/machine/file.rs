//! The files that say what holds after a restart: stackctl's own, and those of others beside them.

use std::collections::BTreeMap;

use stackctl_model::FileLine;

/// What the machine reads kernel settings from at boot, the folder that counts most first.
/// Source: sysctl.d(5); `/etc/sysctl.conf` is read as `99-sysctl.conf`.
const SYSCTL_FOLDERS: [&str; 5] = [
    "/etc/sysctl.d/",
    "/run/sysctl.d/",
    "/usr/local/lib/sysctl.d/",
    "/usr/lib/sysctl.d/",
    "/lib/sysctl.d/",
];

/// The file of a stack's kernel settings.
pub fn sysctl_file(stack: &str) -> String {
    format!("/etc/sysctl.d/90-stackctl-{stack}.conf")
}

/// The file of a stack's kernel modules.
pub fn modules_file(stack: &str) -> String {
    format!("/etc/modules-load.d/90-stackctl-{stack}.conf")
}

/// The text of one of our files with one line changed; none where nothing is left in it.
pub fn with_line(text: Option<&str>, line: &FileLine) -> Option<String> {
    let mut lines: BTreeMap<String, String> = lines(text.unwrap_or_default());
    match &line.text {
        Some(text) => lines.insert(line.key.clone(), text.clone()),
        None => lines.remove(&line.key),
    };
    if lines.is_empty() {
        return None;
    }
    let mut text =
        "# Written by stackctl. Change stack.kdl instead: the next apply writes this anew.\n"
            .to_owned();
    for line in lines.values() {
        text.push_str(line);
        text.push('\n');
    }
    Some(text)
}

/// The lines of one of our files, by their keys.
pub(crate) fn lines(text: &str) -> BTreeMap<String, String> {
    said(text)
        .map(|line| (line.split('=').next().unwrap_or(line).trim().to_owned(), line.to_owned()))
        .collect()
}

/// The values one file sets.
pub(crate) fn values(text: &str) -> BTreeMap<String, String> {
    let pairs = said(text).filter_map(|line| line.trim_start_matches('-').split_once('='));
    pairs.map(|(key, value)| (proc_path(key.trim()), plain(value))).collect()
}

/// What sets a kernel setting at boot besides our own file, in the order it is read: path and value.
pub(crate) fn others<'f>(
    files: &'f BTreeMap<String, String>,
    key: &str,
    own: &str,
) -> Vec<(&'f str, String)> {
    let mut by_name: BTreeMap<&str, &str> = BTreeMap::new();
    for folder in SYSCTL_FOLDERS {
        for path in files.keys() {
            if let Some(name) = path.strip_prefix(folder) {
                by_name.entry(name).or_insert(path);
            }
        }
    }
    if let Some((path, _)) = files.get_key_value("/etc/sysctl.conf") {
        by_name.insert("99-sysctl.conf", path);
    }
    let key = proc_path(key);
    let paths = by_name.into_values().filter(|path| *path != own);
    paths.filter_map(|path| Some((path, values(files.get(path)?).remove(&key)?))).collect()
}

/// Whether a file is read after our own.
pub(crate) fn is_after(path: &str, own: &str) -> bool {
    let name = |path: &str| match path {
        "/etc/sysctl.conf" => "99-sysctl.conf".to_owned(),
        path => path.rsplit('/').next().unwrap_or(path).to_owned(),
    };
    name(path) > name(own)
}

/// A key as `/proc/sys` has it: where the first separator is a slash, dots are part of names.
/// Source: sysctl.d(5).
pub fn proc_path(key: &str) -> String {
    match key.find(['.', '/']) {
        Some(place) if key.as_bytes().get(place) == Some(&b'/') => key.to_owned(),
        _ => key
            .chars()
            .map(|c| match c {
                '.' => '/',
                '/' => '.',
                other => other,
            })
            .collect(),
    }
}

/// A value with one blank between its words, as the kernel's tabs and people's blanks mean the same.
pub(crate) fn plain(value: &str) -> String {
    value.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The lines that say something.
fn said(text: &str) -> impl Iterator<Item = &str> {
    let is_comment = |line: &&str| line.is_empty() || line.starts_with(['#', ';']);
    text.lines().map(str::trim).filter(move |line| !is_comment(line))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(key: &str, text: Option<&str>) -> FileLine {
        FileLine { path: sysctl_file("home"), key: key.into(), text: text.map(str::to_owned) }
    }

    #[test]
    fn lines_come_and_go_and_the_last_takes_the_file_with_it() {
        let one = with_line(None, &line("a.b", Some("a.b = 1"))).unwrap();
        let two = with_line(Some(&one), &line("a.a", Some("a.a = 2"))).unwrap();
        assert!(two.starts_with("# Written by stackctl"));
        assert!(two.ends_with("a.a = 2\na.b = 1\n"));
        assert_eq!(with_line(Some(&two), &line("a.a", None)), Some(one.clone()));
        assert_eq!(with_line(Some(&one), &line("a.b", None)), None);
    }

    #[test]
    fn the_folder_that_counts_most_hides_the_others_and_names_give_the_order() {
        let files: BTreeMap<String, String> = [
            ("/usr/lib/sysctl.d/50-a.conf", "fs.x = 1"),
            ("/etc/sysctl.d/50-a.conf", "-fs/x = 2 \n# fs.x = 9"),
            ("/run/sysctl.d/95-z.conf", "fs.x=3"),
            ("/etc/sysctl.d/90-stackctl-home.conf", "fs.x = 4"),
            ("/etc/sysctl.conf", "fs.x = 5"),
        ]
        .map(|(path, text)| (path.to_owned(), text.to_owned()))
        .into();
        let found = others(&files, "fs.x", &sysctl_file("home"));
        let set: Vec<_> = found.iter().map(|(path, value)| format!("{path} {value}")).collect();
        assert_eq!(
            set,
            ["/etc/sysctl.d/50-a.conf 2", "/run/sysctl.d/95-z.conf 3", "/etc/sysctl.conf 5"]
        );
        assert!(is_after("/etc/sysctl.conf", &sysctl_file("home")));
        assert!(!is_after("/etc/sysctl.d/50-a.conf", &sysctl_file("home")));
    }

    #[test]
    fn dots_after_a_slash_belong_to_names() {
        assert_eq!(proc_path("fs.inotify.max_user_watches"), "fs/inotify/max_user_watches");
        assert_eq!(proc_path("net/ipv4/conf/eth0.5/x"), "net/ipv4/conf/eth0.5/x");
        assert_eq!(proc_path("net.ipv4.conf.eth0/5.x"), "net/ipv4/conf/eth0.5/x");
    }
}
