//! A system's own words stand in its own rooms: `plan/src/systems/X`, `targets/X`, and where it is
//! registered. Comments may name what they like.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenTree;

use super::source::{crate_folders, is_punct, source_files};

struct System {
    name: &'static str,
    rooms: &'static [&'static str],
    /// As they are written there; `resource_version` and `ResourceVersion` are `resourceVersion` too.
    words: &'static [&'static str],
}

const SYSTEMS: [System; 2] = [
    System {
        name: "Kubernetes",
        rooms: &["crates/plan/src/systems/kubernetes/", "crates/targets/kubernetes/"],
        words: &[
            "Deployment",
            "StatefulSet",
            "DaemonSet",
            "ReplicaSet",
            "PersistentVolumeClaim",
            "PersistentVolume",
            "StorageClass",
            "ConfigMap",
            "CronJob",
            "HTTPRoute",
            "NetworkPolicy",
            "CustomResourceDefinition",
            "ServiceAccount",
            "ClusterRole",
            "ApplySet",
            "Lease",
            "managedFields",
            "fieldManager",
            "resourceVersion",
            "observedGeneration",
            "ownerReferences",
            "matchLabels",
            "apiVersion",
            "kubectl",
            "longhorn",
        ],
    },
    System {
        name: "machines",
        rooms: &["crates/plan/src/systems/machine/", "crates/targets/node/"],
        words: &["sysctl", "inotify", "ssh", "systemctl", "modules-load", "procfs", "apt", "fstab"],
    },
];

/// Where words of systems are meant: crates and folders whose purpose is more than one system, or the
/// language of the stack, which has words of all of them.
const ELSEWHERE: [&str; 4] =
    ["crates/model/", "crates/lang/", "crates/expand/", "crates/targets/sandbox/"];

/// Files and folders that name a system's words all the same, each with its reason. This list only becomes
/// shorter.
const EXCEPTIONS: [(&str, &str); 8] = [
    ("crates/plan/src/lib.rs", "exports what the rooms hold"),
    ("crates/stackctl/src/args/", "flags and their help: `--ssh-config`, `deploy/app`"),
    ("crates/stackctl/src/target.rs", "the registration: connects each target"),
    ("crates/stackctl/src/commands/render/", "writes the files of other tools: RBAC, NixOS, Talos"),
    ("crates/plan/src/diagnose.rs", "to go: reads the limits of a machine"),
    ("crates/plan/src/lints/", "what is known to be wrong is known of every system"),
    (
        "crates/plan/src/systems/machine/looked_at.rs",
        "the class's name: what a host needs for Longhorn",
    ),
    ("crates/view/src/doctor.rs", "to go: reads the limits of a machine"),
];

/// The words in names and in texts, in lower case: `resourceVersion` is two.
fn words_of(tokens: Vec<TokenTree>, found: &mut BTreeMap<Vec<String>, usize>) {
    let mut previous = None;
    for token in tokens {
        match &token {
            TokenTree::Group(group) => {
                let inner: Vec<_> = group.stream().into_iter().collect();
                let is_comment = is_punct(previous.as_ref(), '#')
                    && inner.first().is_some_and(|first| first.to_string() == "doc");
                if !is_comment {
                    words_of(inner, found);
                }
            }
            TokenTree::Ident(_) | TokenTree::Literal(_) => {
                found.entry(split(&token.to_string())).or_insert(token.span().start().line);
            }
            TokenTree::Punct(_) => {}
        }
        previous = Some(token);
    }
}

fn split(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut previous = ' ';
    for char in text.chars() {
        let starts = char.is_uppercase() && previous.is_lowercase();
        if (starts || !char.is_alphanumeric()) && words.last().is_some_and(|word| !word.is_empty())
        {
            words.push(String::new());
        }
        if char.is_alphanumeric() {
            let word = words.last_mut().expect("there is always one");
            word.extend(char.to_lowercase());
        }
        previous = char;
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Each word of another system that a file names: `line: word (system)`.
fn foreign_words(path: &str, tokens: Vec<TokenTree>) -> Vec<String> {
    let mut texts = BTreeMap::new();
    words_of(tokens, &mut texts);
    let mut foreign = Vec::new();
    for System { name, rooms, words } in SYSTEMS {
        if rooms.iter().any(|room| path.starts_with(room)) {
            continue;
        }
        for word in words {
            let wanted = split(word);
            let named = texts
                .iter()
                .find(|(text, _)| text.windows(wanted.len()).any(|window| window == wanted));
            foreign.extend(named.map(|(_, line)| format!("{path}:{line} says {word} ({name})")));
        }
    }
    foreign
}

#[test]
fn a_systems_words_stand_in_its_own_rooms() {
    let mut wrong = Vec::new();
    let mut used = BTreeSet::new();
    for file in crate_folders().iter().flat_map(|folder| source_files(folder)) {
        if ELSEWHERE.iter().any(|folder| file.path.starts_with(folder)) {
            continue;
        }
        let foreign = foreign_words(&file.path, file.tokens);
        match EXCEPTIONS.iter().find(|(path, _)| file.path.starts_with(path)) {
            Some((path, _)) if !foreign.is_empty() => {
                used.insert(*path);
            }
            Some(_) | None => wrong.extend(foreign),
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    let unused: Vec<_> = EXCEPTIONS.iter().filter(|(path, _)| !used.contains(path)).collect();
    assert!(unused.is_empty(), "they name no system's words, take them off the list: {unused:#?}");
}
