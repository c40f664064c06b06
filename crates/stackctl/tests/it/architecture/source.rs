//! The product's source files as tokens: without comments, and without what is built for tests only.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use proc_macro2::{Delimiter, TokenStream, TokenTree};

use crate::command::repository;

/// One file of a crate.
pub(super) struct SourceFile {
    /// From the root of the repository, as people write it: `crates/plan/src/graph.rs`.
    pub(super) path: String,
    /// The module it holds: `["systems", "machine"]`, empty for the root of the crate.
    pub(super) module: Vec<String>,
    /// What it says, without items under `#[cfg(test)]`.
    pub(super) tokens: Vec<TokenTree>,
}

/// The `src` folders of all crates.
pub(super) fn crate_folders() -> Vec<PathBuf> {
    let crates = repository().join("crates");
    let mut folders = folders_with_sources(&crates);
    folders.extend(folders_with_sources(&crates.join("targets")));
    folders.sort();
    folders
}

fn folders_with_sources(parent: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(parent).unwrap();
    let folders = entries.map(|entry| entry.unwrap().path().join("src"));
    folders.filter(|folder| folder.is_dir()).collect()
}

/// The files below the `src` folder of a crate that are part of what is built for people.
pub(super) fn source_files(folder: &Path) -> Vec<SourceFile> {
    let mut paths = Vec::new();
    collect_paths(folder, &mut paths);
    paths.sort();
    let mut tests = BTreeSet::new();
    let mut files = Vec::new();
    for path in paths {
        let text = std::fs::read_to_string(&path).unwrap();
        let stream: TokenStream = text.parse().expect("the crate builds, so its files are Rust");
        let module = module_of(path.strip_prefix(folder).unwrap());
        let mut test_modules = Vec::new();
        let tokens = without_tests(stream, &mut test_modules);
        for name in test_modules {
            tests.insert(module.iter().cloned().chain([name]).collect::<Vec<_>>());
        }
        let path = path.strip_prefix(repository()).unwrap_or(&path).to_str().unwrap().to_owned();
        files.push(SourceFile { path, module, tokens });
    }
    files.retain(|file| !tests.iter().any(|test| file.module.starts_with(test)));
    files.retain(|file| !file.path.ends_with("_tests.rs"));
    files
}

fn collect_paths(folder: &Path, paths: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect_paths(&path, paths);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            paths.push(path);
        }
    }
}

fn module_of(path: &Path) -> Vec<String> {
    let path = path.with_extension("");
    let mut module: Vec<_> =
        path.iter().map(|segment| segment.to_str().unwrap().to_owned()).collect();
    if module.last().is_some_and(|last| ["mod", "lib", "main"].contains(&last.as_str())) {
        module.pop();
    }
    module
}

/// Leaves out the item after each `#[cfg(test)]`; names the modules among those.
fn without_tests(stream: TokenStream, test_modules: &mut Vec<String>) -> Vec<TokenTree> {
    let tokens: Vec<_> = stream.into_iter().collect();
    let mut kept = Vec::new();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        if is_punct(Some(token), '#') && tokens.get(at + 1).is_some_and(is_cfg_test) {
            let item = &tokens[at + 2..];
            test_modules.extend(declared_module(item));
            at += 3 + item.iter().position(ends_item).expect("an attribute has an item");
        } else {
            kept.push(token.clone());
            at += 1;
        }
    }
    kept
}

fn is_cfg_test(token: &TokenTree) -> bool {
    token.to_string().replace(' ', "") == "[cfg(test)]"
}

fn ends_item(token: &TokenTree) -> bool {
    let braces = matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace);
    braces || is_punct(Some(token), ';')
}

fn declared_module(item: &[TokenTree]) -> Option<String> {
    let at = item.iter().position(|token| token.to_string() == "mod")?;
    item.get(at + 1).map(ToString::to_string)
}

pub(super) fn is_punct(token: Option<&TokenTree>, char: char) -> bool {
    matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == char)
}
