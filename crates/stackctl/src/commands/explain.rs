//! `stackctl explain`: a word of the language, from the declarations that check it, with the value that
//! holds when nothing is said.

use std::fmt::Write;

use stackctl_expand::{Library, ModuleWord};
use stackctl_lang::{Knob, Shape, Sources, Type, top_level};
use stackctl_model::closest;
use stackctl_plan::lints;

use crate::args::ExplainArgs;
use crate::error::Error;
use crate::exit::Exit;
use crate::terminal::Terminal;
use crate::{locate, stack};

/// The module whose words every other one has too.
const BASE: &str = "app";

pub(crate) fn run(args: &ExplainArgs, terminal: &mut Terminal) -> Result<Exit, Error> {
    let text = match &args.word {
        Some(word) => explained(&library(args), word)?,
        None => list("", &top_level()),
    };
    terminal.out(&text);
    Ok(Exit::Success)
}

fn library(args: &ExplainArgs) -> Library {
    let path = locate::stack(args.stack.file.as_deref()).unwrap_or_else(|_| "stack.kdl".into());
    stack::library(&path, &mut Sources::default()).0
}

/// A word by its path: `volume`, `node.sysctl`, `app.port`, `app.jellyfin.port`, `jellyfin`; or a lint by its code.
fn explained(library: &Library, path: &str) -> Result<String, Error> {
    if let Some(lint) = lints::lint(path) {
        return Ok(lints::explained(lint));
    }
    let path: Vec<&str> = path.split('.').collect();
    let blocks = top_level();
    match path.as_slice() {
        [BASE] => Ok(app_block(library, &blocks)),
        [BASE, module] if library.words_of(module).is_some() => module_page(library, module),
        [BASE, module, rest @ ..] if library.words_of(module).is_some() => {
            word_of_module(library, module, rest)
        }
        [BASE, rest @ ..] => word_of_app(library, &blocks, rest),
        [first, rest @ ..] if blocks.iter().any(|block| block.name == *first) => {
            descend(&blocks, first, rest)
        }
        [module] if library.words_of(module).is_some() => module_page(library, module),
        [module, rest @ ..] if library.words_of(module).is_some() => {
            word_of_module(library, module, rest)
        }
        [first, ..] => Err(unknown_word(library, &blocks, first)),
        [] => Err(unknown("word", "", &[])),
    }
}

/// The block `app`, the words that every app has, and the modules.
fn app_block(library: &Library, blocks: &[Knob]) -> String {
    let mut text: String = blocks.iter().filter(|block| block.name == BASE).map(page).collect();
    let words = library.words_of(BASE).unwrap_or_default();
    let _ = write!(text, "\n{}", word_list("words of every app", &words));
    let modules: Vec<_> = library.names().filter(|name| *name != BASE).collect();
    let _ = writeln!(text, "\nmodules, each as {BASE}.MODULE\n  {}", modules.join(", "));
    text
}

fn module_page(library: &Library, module: &str) -> Result<String, Error> {
    let words = words_of(library, module)?;
    let doc = library.doc_of(module).unwrap_or_default();
    Ok(format!("{}\n  {doc}\n", word_list(&format!("app {module}"), &words)))
}

/// A word of an app that names no module: of the block itself, or of the module all others build on.
fn word_of_app(library: &Library, blocks: &[Knob], path: &[&str]) -> Result<String, Error> {
    let Some((first, rest)) = path.split_first() else { return Ok(app_block(library, blocks)) };
    let own =
        blocks.iter().filter(|block| block.name == BASE).flat_map(|block| parts(&block.shape));
    let own: Vec<Knob> = own.collect();
    if own.iter().any(|part| part.name == *first) {
        return descend(&own, first, rest);
    }
    let words = words_of(library, BASE)?;
    if words.iter().any(|word| word.knob.name == *first) {
        return word_of_module(library, BASE, path);
    }
    let known = words.iter().map(|word| word.knob.name.as_str());
    Err(unknown("word or module", first, &known.chain(library.names()).collect::<Vec<_>>()))
}

fn word_of_module(library: &Library, module: &str, path: &[&str]) -> Result<String, Error> {
    let words = words_of(library, module)?;
    let knobs: Vec<Knob> = words.iter().map(|word| word.knob.clone()).collect();
    let Some((first, rest)) = path.split_first() else { return module_page(library, module) };
    let mut text = descend(&knobs, first, rest)?;
    let set = words.iter().filter(|word| word.knob.name == *first && rest.is_empty());
    let lines: Vec<String> =
        set.flat_map(|word| &word.set).map(|line| format!("  {line}\n")).collect();
    if !lines.is_empty() {
        let _ = write!(text, "\nset by the module\n{}", lines.concat());
    }
    Ok(text)
}

fn words_of(library: &Library, module: &str) -> Result<Vec<ModuleWord>, Error> {
    library
        .words_of(module)
        .ok_or_else(|| unknown("module", module, &library.names().collect::<Vec<_>>()))
}

/// Neither a block, nor a module, nor a lint. A list of everything would be no help: the blocks are listed.
fn unknown_word(library: &Library, blocks: &[Knob], word: &str) -> Error {
    let words = || blocks.iter().map(|block| block.name.as_str());
    let codes = lints::LINTS.iter().map(|lint| lint.code);
    let near = closest(word, words().chain(library.names()).chain(codes));
    unknown("word", word, &near.map_or_else(|| words().collect(), |near| vec![near]))
}

fn unknown(what: &str, word: &str, names: &[&str]) -> Error {
    let hint = match closest(word, names.iter().copied()) {
        Some(near) => format!("did you mean {near}?"),
        None => format!("there are: {}", names.join(", ")),
    };
    Error::Usage { message: format!("there is no {what} {word:?}"), hint }
}

/// Walks down from a word to one of its parts and describes that; both, where one name is a property and a
/// word in the braces.
fn descend(knobs: &[Knob], first: &str, rest: &[&str]) -> Result<String, Error> {
    let named = || knobs.iter().filter(|knob| knob.name == first);
    if named().next().is_none() {
        let names: Vec<_> = knobs.iter().map(|knob| knob.name.as_str()).collect();
        return Err(unknown("word", first, &names));
    }
    match rest.split_first() {
        Some((next, rest)) => {
            let all: Vec<Knob> = named().flat_map(|knob| parts(&knob.shape)).collect();
            descend(&all, next, rest)
        }
        None => Ok(named().map(page).collect::<Vec<_>>().join("\n")),
    }
}

fn parts(shape: &Shape) -> Vec<Knob> {
    shape.args.iter().chain(&shape.props).chain(&shape.children).cloned().collect()
}

fn page(knob: &Knob) -> String {
    let mut text = format!("{}  {}\n\n  {}\n", knob.name, kind(knob), knob.doc);
    for sentence in knob.effects.sentences() {
        let _ = writeln!(text, "  {sentence}");
    }
    let Shape { args, props, children, open_props, open_children } = &knob.shape;
    for (title, knobs) in
        [("values, in order", args), ("properties", props), ("words in its braces", children)]
    {
        if !knobs.is_empty() {
            let _ = write!(text, "\n{}", list(title, knobs));
        }
    }
    if *open_props {
        text.push_str("\nany property NAME=VALUE\n");
    }
    if *open_children {
        text.push_str("\nany other word in its braces\n");
    }
    text
}

fn word_list(title: &str, words: &[ModuleWord]) -> String {
    list(title, &words.iter().map(|word| word.knob.clone()).collect::<Vec<_>>())
}

fn list(title: &str, knobs: &[Knob]) -> String {
    let width = knobs.iter().map(|knob| knob.name.len()).max().unwrap_or(0);
    let mut text = if title.is_empty() { String::new() } else { format!("{title}\n") };
    for knob in knobs {
        let _ = writeln!(text, "  {:width$}  {}  {}", knob.name, kind(knob), knob.doc);
    }
    text
}

fn kind(knob: &Knob) -> String {
    let mut text = match &knob.kind {
        Type::Block => "block".to_owned(),
        other => other.to_string(),
    };
    if knob.required {
        text.push_str(", required");
    }
    if let Some(default) = &knob.default {
        let _ = write!(text, ", default {}", default.value);
    }
    if knob.repeat {
        text.push_str(", repeatable");
    }
    format!("<{text}>")
}

#[cfg(test)]
mod tests {
    use stackctl_expand::Library;
    use stackctl_lang::{Knob, top_level};

    use super::{explained, parts};

    /// Explains a word and all its parts, and says which are not.
    fn unexplained(library: &Library, path: &str, knob: &Knob, missing: &mut Vec<String>) {
        let text = explained(library, path).unwrap_or_default();
        let is_explained = !knob.doc.is_empty() && text.contains(&knob.doc);
        if !is_explained {
            missing.push(path.to_owned());
        }
        for part in parts(&knob.shape) {
            unexplained(library, &format!("{path}.{}", part.name), &part, missing);
        }
    }

    #[test]
    fn every_word_of_every_block_and_module_is_explained() {
        let library = Library::embedded();
        let mut missing = Vec::new();
        for block in top_level() {
            unexplained(&library, &block.name, &block, &mut missing);
        }
        for module in library.names() {
            let page = explained(&library, &format!("app.{module}")).unwrap();
            assert!(page.contains(library.doc_of(module).unwrap()), "{page}");
            for word in library.words_of(module).unwrap() {
                let path = format!("app.{module}.{}", word.knob.name);
                unexplained(&library, &path, &word.knob, &mut missing);
            }
        }
        for word in library.words_of("app").unwrap() {
            unexplained(&library, &format!("app.{}", word.knob.name), &word.knob, &mut missing);
        }
        assert_eq!(missing, [""; 0]);
    }

    #[test]
    fn what_a_module_sets_is_the_default_that_is_printed() {
        let library = Library::embedded();
        let says = |path: &str, what: &str| {
            let text = explained(&library, path).unwrap();
            assert!(text.contains(what), "{path}: {text}");
        };
        says("app.jellyfin.port", "port  <port, default 8096>");
        says("jellyfin.port", "port  <port, default 8096>");
        says("app.port", "port  <port, default 8080>");
        says("app.jellyfin.image", "<image, default \"docker.io/jellyfin/jellyfin:");
        says("app.image", "image  <image, required>");
        says("app.jellyfin.volume", "volume config \"20Gi\"");
        says("app.jellyfin.security.run-as-user", "default 1000");
        says("app.jellyfin.env", "TZ=\"{{ stack.timezone }}\"");
        says("app", "modules, each as app.MODULE");
    }

    #[test]
    fn a_word_that_is_none_is_said_with_the_nearest() {
        let library = Library::embedded();
        for (path, near) in
            [("volme", "volume"), ("app.jelyfin", "jellyfin"), ("app.jellyfin.prot", "port")]
        {
            let error = format!("{:?}", explained(&library, path).unwrap_err());
            assert!(error.contains(near), "{error}");
        }
    }
}
