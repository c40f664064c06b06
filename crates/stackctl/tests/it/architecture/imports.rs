//! Which file of a crate uses which: by `use`, and by paths in the code. A name that a parent re-exports
//! counts for the file that defines it, and a re-export alone is no use: it only shows the way.

use std::collections::BTreeMap;
use std::path::Path;

use proc_macro2::{Delimiter, TokenTree};

use super::source::{SourceFile, is_punct, source_files};

/// `from` uses something of `to`.
pub(super) struct Import {
    pub(super) from: String,
    pub(super) line: usize,
    /// As written, or as the `use` says it in full.
    pub(super) name: String,
    pub(super) to: String,
}

/// A path in the code: `crate::graph::Graph`.
struct Mention {
    segments: Vec<String>,
    line: usize,
}

/// One name that a `use` brings in.
struct Used {
    mention: Mention,
    name: String,
    public: bool,
}

#[derive(Default)]
struct Names {
    used: Vec<Used>,
    mentions: Vec<Mention>,
    /// Every identifier outside `use`, for re-exports that are used in their own file too.
    words: Vec<String>,
}

type Modules = BTreeMap<Vec<String>, (String, Names)>;

/// All imports between the files of the crate with this `src` folder.
pub(super) fn imports(folder: &Path) -> Vec<Import> {
    let files = source_files(folder);
    let modules: Modules = files
        .into_iter()
        .map(|SourceFile { path, module, tokens }| {
            let mut names = Names::default();
            collect_names(&tokens, &mut names);
            (module, (path, names))
        })
        .collect();
    let mut imports = Vec::new();
    for (module, (path, names)) in &modules {
        let re_exported = |used: &&Used| !used.public || names.words.contains(&used.name);
        let used = names.used.iter().filter(re_exported).map(|used| &used.mention);
        for mention in used.chain(&names.mentions) {
            let Some(to) = defining_file(&modules, module, &mention.segments, 0) else { continue };
            if to != path {
                let name = mention.segments.join("::");
                let (from, to) = (path.clone(), to.to_owned());
                imports.push(Import { from, line: mention.line, name, to });
            }
        }
    }
    imports
}

fn collect_names(tokens: &[TokenTree], names: &mut Names) {
    let mut at = 0;
    while at < tokens.len() {
        match &tokens[at] {
            // A `use<...>` in a type lists what the type holds on to.
            TokenTree::Ident(ident) if ident == "use" && !is_punct(tokens.get(at + 1), '<') => {
                let public = at.checked_sub(1).is_some_and(|before| is_visibility(&tokens[before]));
                let length = tokens[at..].iter().position(|token| is_punct(Some(token), ';'));
                let end = at + length.expect("a `use` ends with a semicolon");
                collect_used(&tokens[at + 1..end], &[], &mut |mention, name| {
                    names.used.push(Used { mention, name, public });
                });
                at = end;
            }
            TokenTree::Ident(ident) => {
                names.words.push(ident.to_string());
                let (segments, after) = path_at(tokens, at);
                if segments.len() > 1 {
                    names.words.extend(segments.iter().skip(1).cloned());
                    names.mentions.push(Mention { segments, line: ident.span().start().line });
                }
                at = after;
                continue;
            }
            TokenTree::Group(group) => {
                collect_names(&group.stream().into_iter().collect::<Vec<_>>(), names);
            }
            TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
        at += 1;
    }
}

fn is_visibility(token: &TokenTree) -> bool {
    match token {
        TokenTree::Ident(ident) => ident == "pub",
        TokenTree::Group(group) => group.delimiter() == Delimiter::Parenthesis,
        TokenTree::Punct(_) | TokenTree::Literal(_) => false,
    }
}

/// The segments of the path that starts here, and where it ends.
fn path_at(tokens: &[TokenTree], start: usize) -> (Vec<String>, usize) {
    let mut segments = vec![tokens[start].to_string()];
    let mut at = start + 1;
    while is_punct(tokens.get(at), ':') && is_punct(tokens.get(at + 1), ':') {
        let Some(TokenTree::Ident(ident)) = tokens.get(at + 2) else { break };
        segments.push(ident.to_string());
        at += 3;
    }
    (segments, at)
}

/// Tells the names of `a::{b, c::d as e}`, each with its whole path.
fn collect_used(tree: &[TokenTree], before: &[String], tell: &mut dyn FnMut(Mention, String)) {
    for part in tree.split(|token| is_punct(Some(token), ',')) {
        let Some(TokenTree::Ident(first)) = part.first() else { continue };
        let (segments, after) = path_at(part, 0);
        let segments = [before, &segments].concat();
        match part.last() {
            Some(TokenTree::Group(group)) => {
                collect_used(&group.stream().into_iter().collect::<Vec<_>>(), &segments, tell);
            }
            Some(TokenTree::Ident(alias)) if after < part.len() => {
                let line = first.span().start().line;
                tell(Mention { segments, line }, alias.to_string());
            }
            Some(_) => {
                let name = segments.last().expect("a path has a segment").clone();
                tell(Mention { segments, line: first.span().start().line }, name);
            }
            None => {}
        }
    }
}

/// The file that defines what the path names when it is read in this module; nothing for other crates,
/// and for a module as a whole.
fn defining_file<'m>(
    modules: &'m Modules,
    module: &[String],
    segments: &[String],
    re_exports: usize,
) -> Option<&'m str> {
    assert!(re_exports < 20, "{} is re-exported in a circle", segments.join("::"));
    let (first, rest) = segments.split_first()?;
    let child = [module, std::slice::from_ref(first)].concat();
    match first.as_str() {
        "crate" => defining_file_below(modules, &[], rest, re_exports),
        "self" => defining_file_below(modules, module, rest, re_exports),
        "super" => {
            let parent = module.split_last().map_or(module, |(_, parent)| parent);
            match rest.first() {
                Some(next) if next == "super" => defining_file(modules, parent, rest, re_exports),
                _ => defining_file_below(modules, parent, rest, re_exports),
            }
        }
        _ if modules.contains_key(&child) || uses(modules, module, first).is_some() => {
            defining_file_below(modules, module, segments, re_exports)
        }
        _ => None,
    }
}

fn defining_file_below<'m>(
    modules: &'m Modules,
    module: &[String],
    segments: &[String],
    re_exports: usize,
) -> Option<&'m str> {
    let (first, rest) = segments.split_first()?;
    let child = [module, std::slice::from_ref(first)].concat();
    if modules.contains_key(&child) && !(rest.is_empty() && uses(modules, module, first).is_some())
    {
        return defining_file_below(modules, &child, rest, re_exports);
    }
    match uses(modules, module, first) {
        Some(used) if used.mention.segments.as_slice() != segments => {
            let path = [&used.mention.segments, rest].concat();
            defining_file(modules, module, &path, re_exports + 1)
        }
        _ => modules.get(module).map(|(path, _)| path.as_str()),
    }
}

fn uses<'m>(modules: &'m Modules, module: &[String], name: &str) -> Option<&'m Used> {
    let (_, names) = modules.get(module)?;
    names.used.iter().find(|used| used.name == name)
}
