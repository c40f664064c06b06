//! The blocks of a stack: one file each, with what may be written there and what it comes to.

mod alerts;
mod app;
mod auth;
mod backup;
mod cluster;
mod defaults;
mod gateway;
mod group;
mod include;
mod manifest;
mod node;
mod ownership;
mod secret;
mod stack;
mod storage_class;
mod volume;

use std::collections::BTreeMap;

use stackctl_model::{Finding, Span, Spanned};

use crate::{Block, Knob, Shape, Value};

pub(crate) use app::read as read_app;
pub(crate) use auth::read as read_auth;
pub(crate) use cluster::read as read_cluster;
pub(crate) use defaults::merge as merge_defaults;
pub(crate) use gateway::read as read_gateway;
pub(crate) use group::read as read_group;
pub(crate) use manifest::read as read_manifest;
pub(crate) use node::read as read_node;
pub(crate) use ownership::read as read_ownership;
pub(crate) use secret::read as read_secret;
pub(crate) use stack::read as read_head;
pub(crate) use storage_class::read as read_storage_class;
pub(crate) use volume::read as read_volume;

/// The declarations of all top-level blocks, by name.
pub fn top_level() -> Vec<Knob> {
    vec![
        alerts::declaration(),
        app::declaration(),
        auth::declaration(),
        backup::declaration(),
        cluster::declaration(),
        defaults::declaration(),
        gateway::declaration(),
        group::declaration(),
        include::declaration(),
        manifest::declaration(),
        node::declaration(),
        ownership::declaration(),
        secret::declaration(),
        stack::declaration(),
        storage_class::declaration(),
        volume::declaration(),
    ]
}

/// Whether a word begins a block that stands in no other.
pub(crate) fn is_top_level(word: &str) -> bool {
    const WORDS: [&str; 14] = [
        "alerts",
        "app",
        "auth",
        "backup",
        "cluster",
        "defaults",
        "gateway",
        "include",
        "manifest",
        "node",
        "ownership",
        "secret",
        "stack",
        "storage-class",
    ];
    WORDS.contains(&word)
}

/// What a block's declaration cannot say of it.
pub(crate) fn check_more(block: &Block) -> Vec<Finding> {
    match block.name.value.as_str() {
        "node" => node::check(block),
        "ownership" => ownership::check(block),
        "secret" => secret::check(block),
        "volume" => volume::check(block),
        "manifest" => manifest::check(block),
        "storage-class" => storage_class::check(block),
        _ => Vec::new(),
    }
}

/// A shape of arguments and properties only.
fn shape<const A: usize, const P: usize>(args: [Knob; A], props: [Knob; P]) -> Shape {
    Shape { args: args.into(), props: props.into(), ..Shape::default() }
}

/// The first argument as a name; an empty one, at the block, when there is none.
fn name_of(block: &Block) -> Spanned<String> {
    first(block).unwrap_or_else(|| Spanned::new(String::new(), block.name.span))
}

/// The first argument as text.
fn first(block: &Block) -> Option<Spanned<String>> {
    block.args.first().and_then(text_of)
}

/// A property as text.
fn prop(block: &Block, name: &str) -> Option<Spanned<String>> {
    block.prop(name).and_then(text_of)
}

/// A value as text; numbers and booleans as they are written.
fn text_of(value: &Spanned<Value>) -> Option<Spanned<String>> {
    let text = match &value.value {
        Value::Text(text) => text.clone(),
        Value::Integer(number) => number.to_string(),
        Value::Float(number) => number.to_string(),
        Value::Bool(flag) => flag.to_string(),
        Value::Null | Value::Secret(_) | Value::Knob(_) => return None,
    };
    Some(Spanned::new(text, value.span))
}

/// A property that is on.
fn flag(block: &Block, name: &str) -> bool {
    block.prop(name).is_some_and(|value| value.value == Value::Bool(true))
}

/// Words that give one value each: `KEY value`.
fn pairs(block: &Block) -> Vec<(Spanned<String>, Spanned<String>)> {
    block.children.iter().filter_map(|child| Some((child.name.clone(), first(child)?))).collect()
}

/// Words that stand between the braces more than once.
fn said_twice(block: &Block) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut said: BTreeMap<&str, Span> = BTreeMap::new();
    for Spanned { value: word, span } in block.children.iter().map(|child| &child.name) {
        if let Some(first) = said.insert(word, *span) {
            let message = format!("`{word}` stands here twice");
            findings.push(Finding::error("said-twice", message, *span).also(first, "first here"));
        }
    }
    findings
}

/// That each word between the braces gives exactly one text or number.
fn check_pairs(block: &Block) -> Vec<Finding> {
    let mut findings = said_twice(block);
    for child in &block.children {
        let key = child.name.value.as_str();
        let is_pair = child.args.len() == 1 && child.props.is_empty() && child.children.is_empty();
        if !is_pair || child.args.first().and_then(text_of).is_none() {
            let message = format!("`{key}` takes one value");
            let help = format!("Write `{key} 512` or `{key} \"text\"`.");
            findings.push(Finding::error("missing-value", message, child.name.span).help(help));
        }
    }
    findings
}
