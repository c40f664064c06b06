//! `stackctl explain`: a word of the language, from the declarations that check it.

use std::fmt::Write;

use stackctl_lang::{Knob, Shape, Sources, Type, top_level};
use stackctl_model::closest;
use stackctl_plan::lints;

use crate::args::ExplainArgs;
use crate::error::Error;
use crate::exit::Exit;
use crate::terminal::Terminal;
use crate::{locate, stack};

pub(crate) fn run(args: &ExplainArgs, terminal: &mut Terminal) -> Result<Exit, Error> {
    let Some(word) = &args.word else {
        terminal.out(&list("", &top_level()));
        return Ok(Exit::Success);
    };
    if let Some(lint) = lints::lint(word) {
        terminal.out(&lints::explained(lint));
        return Ok(Exit::Success);
    }
    let mut parts = word.split('.');
    let first = parts.next().unwrap_or_default();
    let rest: Vec<_> = parts.collect();
    let text = match (first, rest.as_slice()) {
        ("app", [module, path @ ..]) => {
            let knobs = module_knobs(args, module)?;
            if path.is_empty() {
                list(&format!("app {module}"), &knobs)
            } else {
                describe(&knobs, path)?
            }
        }
        (first, []) if !top_level().iter().any(|knob| knob.name == first) => {
            return Err(unknown_word(first));
        }
        _ => describe(&top_level(), &word.split('.').collect::<Vec<_>>())?,
    };
    terminal.out(&text);
    Ok(Exit::Success)
}

fn module_knobs(args: &ExplainArgs, module: &str) -> Result<Vec<Knob>, Error> {
    let path = locate::stack(args.stack.file.as_deref()).unwrap_or_else(|_| "stack.kdl".into());
    let (library, _) = stack::library(&path, &mut Sources::default());
    library
        .knobs_of(module)
        .ok_or_else(|| unknown("module", module, &library.names().collect::<Vec<_>>()))
}

/// Neither a block nor a lint.
fn unknown_word(word: &str) -> Error {
    let blocks = top_level();
    let words = || blocks.iter().map(|knob| knob.name.as_str());
    let codes = lints::LINTS.iter().map(|lint| lint.code);
    let near = closest(word, words().chain(codes));
    unknown("word", word, &near.map_or_else(|| words().collect(), |near| vec![near]))
}

fn unknown(what: &str, word: &str, names: &[&str]) -> Error {
    let hint = match closest(word, names.iter().copied()) {
        Some(near) => format!("did you mean {near}?"),
        None => format!("there are: {}", names.join(", ")),
    };
    Error::Usage { message: format!("there is no {what} {word:?}"), hint }
}

/// Walks down to the word and describes it.
fn describe(knobs: &[Knob], path: &[&str]) -> Result<String, Error> {
    let Some((first, rest)) = path.split_first() else { return Ok(String::new()) };
    let names: Vec<_> = knobs.iter().map(|knob| knob.name.as_str()).collect();
    let knob = knobs
        .iter()
        .find(|knob| knob.name == *first)
        .ok_or_else(|| unknown("word", first, &names))?;
    if rest.is_empty() { Ok(one(knob)) } else { describe(&words(&knob.shape), rest) }
}

fn words(shape: &Shape) -> Vec<Knob> {
    shape.args.iter().chain(&shape.props).chain(&shape.children).cloned().collect()
}

fn one(knob: &Knob) -> String {
    let mut text = format!("{}  {}\n\n  {}\n", knob.name, kind(knob), knob.doc);
    for (title, knobs) in [
        ("values, in order", &knob.shape.args),
        ("properties", &knob.shape.props),
        ("words in its braces", &knob.shape.children),
    ] {
        if !knobs.is_empty() {
            let _ = write!(text, "\n{}", list(title, knobs));
        }
    }
    text
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
