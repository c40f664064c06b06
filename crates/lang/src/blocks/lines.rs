//! How blocks take their lines apart: names, properties, pairs.

use std::collections::BTreeMap;
use std::str::FromStr;

use stackctl_model::{Finding, Span, Spanned};

use crate::declare::{Knob, Shape};
use crate::value::{Block, Value};

/// A shape of arguments and properties only.
pub(super) fn shape<const A: usize, const P: usize>(args: [Knob; A], props: [Knob; P]) -> Shape {
    Shape { args: args.into(), props: props.into(), ..Shape::default() }
}

/// The first argument as a name; an empty one, at the block, when there is none.
pub(super) fn name_of(block: &Block) -> Spanned<String> {
    first(block).unwrap_or_else(|| Spanned::new(String::new(), block.name.span))
}

/// The first argument as text.
pub(super) fn first(block: &Block) -> Option<Spanned<String>> {
    block.args.first().and_then(text_of)
}

/// A property as text.
pub(super) fn prop(block: &Block, name: &str) -> Option<Spanned<String>> {
    block.prop(name).and_then(text_of)
}

/// A text as what it means; nothing when it means nothing, which the check has said.
pub(super) fn meant<T: FromStr>(text: &Spanned<String>) -> Option<Spanned<T>> {
    Some(Spanned::new(text.value.parse().ok()?, text.span))
}

/// A property as what it means.
pub(super) fn meant_prop<T: FromStr>(block: &Block, name: &str) -> Option<Spanned<T>> {
    meant(&prop(block, name)?)
}

/// A value as text; numbers and booleans as they are written.
pub(super) fn text_of(value: &Spanned<Value>) -> Option<Spanned<String>> {
    let text = match &value.value {
        Value::Text(text) => text.clone(),
        Value::Integer(number) => number.to_string(),
        Value::Float(number) => number.to_string(),
        Value::Bool(flag) => flag.to_string(),
        Value::Null | Value::Secret(_) | Value::Knob(_) => return None,
    };
    Some(Spanned::new(text, value.span))
}

/// Whether a property is on.
pub(super) fn is_on(block: &Block, name: &str) -> bool {
    block.prop(name).is_some_and(|value| value.value == Value::Bool(true))
}

/// A property that is a whole number.
pub(super) fn number(block: &Block, name: &str) -> Option<Spanned<i64>> {
    let value = block.prop(name)?;
    match value.value {
        Value::Integer(number) => Some(Spanned::new(number, value.span)),
        Value::Null
        | Value::Bool(_)
        | Value::Float(_)
        | Value::Text(_)
        | Value::Secret(_)
        | Value::Knob(_) => None,
    }
}

/// Words that give one value each: `KEY value`.
pub(super) fn pairs(block: &Block) -> Vec<(Spanned<String>, Spanned<String>)> {
    block.children.iter().filter_map(|child| Some((child.name.clone(), first(child)?))).collect()
}

/// Words that stand between the braces more than once.
pub(super) fn said_twice(block: &Block) -> Vec<Finding> {
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
pub(super) fn check_pairs(block: &Block) -> Vec<Finding> {
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
