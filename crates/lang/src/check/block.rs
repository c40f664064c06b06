//! Blocks against their declarations: every word, argument and property, and what they name.

use std::collections::BTreeMap;
use std::fmt::Write;

use stackctl_model::{Finding, Severity, Span, Spanned, closest};

use super::value::check_value;
use crate::codes::NEEDS_QUOTES;
use crate::declare::{Knob, Shape, Type};
use crate::names::Names;
use crate::secrecy::{is_secret_word, secret_in_text};
use crate::stack::registered;
use crate::types::example;
use crate::value::{Block, Value};

/// Checks blocks that stand together against the words that may stand there. Words that are required and
/// not said are found where they would stand: at the first of the blocks.
pub fn check_blocks(blocks: &[Block], knobs: &[Knob], names: &Names) -> Vec<Finding> {
    let mut checker = Checker { names, findings: Vec::new() };
    let place = blocks.first().map(|first| Span { end: first.span.start, ..first.span });
    checker.words(blocks, knobs, None, place);
    checker.findings
}

/// Checks one block against its declaration.
pub fn check_block(block: &Block, knob: &Knob, names: &Names) -> Vec<Finding> {
    let mut checker = Checker { names, findings: Vec::new() };
    checker.block(block, knob);
    checker.findings
}

struct Checker<'a> {
    names: &'a Names,
    findings: Vec<Finding>,
}

impl Checker<'_> {
    fn words(
        &mut self,
        blocks: &[Block],
        knobs: &[Knob],
        around: Option<&Knob>,
        place: Option<Span>,
    ) {
        let by_name: BTreeMap<&str, &Knob> =
            knobs.iter().map(|knob| (knob.name.as_str(), knob)).collect();
        let mut said: BTreeMap<String, Span> = BTreeMap::new();
        let is_open = around.is_some_and(|knob| knob.shape.open_children);
        for block in blocks {
            match by_name.get(block.name.value.as_str()) {
                Some(knob) => {
                    self.block(block, knob);
                    self.once(block, knob, &mut said);
                }
                None if is_open => {}
                None => self.findings.push(unknown(&block.name, knobs, around)),
            }
        }
        for knob in knobs.iter().filter(|knob| knob.required) {
            let is_said = blocks.iter().any(|block| block.name.value == knob.name);
            if let Some(place) = place.filter(|_| !is_said) {
                let finding =
                    Finding::error("missing-word", format!("`{}` is missing", knob.name), place);
                self.findings.push(finding.help(usage(knob)));
            }
        }
    }

    /// A word that stands twice where it may stand once, or twice for the same thing.
    fn once(&mut self, block: &Block, knob: &Knob, said: &mut BTreeMap<String, Span>) {
        if knob.repeat && knob.shape.open_children {
            return;
        }
        let word = &knob.name;
        let key = if knob.repeat { identity(block, knob) } else { word.clone() };
        match said.get(&key) {
            Some(first) => {
                let what = key.lines().next().unwrap_or(word);
                let message = format!("`{what}` stands here twice");
                self.findings.push(
                    Finding::error("said-twice", message, block.name.span)
                        .also(*first, "first here")
                        .help("Keep one of them."),
                );
            }
            None => {
                said.insert(key, block.name.span);
            }
        }
    }

    fn block(&mut self, block: &Block, knob: &Knob) {
        if is_off(block, knob) {
            return;
        }
        if knob.kind == Type::Any {
            return;
        }
        if knob.kind == Type::Block {
            self.arguments(block, &knob.shape.args, knob);
        } else {
            let argument = Knob {
                required: knob.kind != Type::Bool,
                ..Knob::new("", knob.kind.clone(), &knob.doc)
            };
            self.arguments(block, &[argument], knob);
        }
        self.properties(block, &knob.shape);
        self.children(block, knob);
    }

    fn arguments(&mut self, block: &Block, args: &[Knob], knob: &Knob) {
        let mut rest = block.args.as_slice();
        for arg in args {
            if arg.kind == Type::Cron && looks_like_cron(rest) {
                self.findings.push(unquoted_cron(rest));
                return;
            }
            let taken =
                if matches!(arg.kind, Type::List(_)) { rest.len() } else { rest.len().min(1) };
            let (mine, others) = rest.split_at(taken);
            if mine.is_empty() && arg.required {
                let what = if arg.name.is_empty() {
                    "a value".to_owned()
                } else {
                    format!("the {}", arg.name)
                };
                let message = format!("{what} is missing behind `{}`", knob.name);
                let finding = Finding::error("missing-value", message, block.name.span);
                self.findings.push(finding.help(usage(knob)));
            }
            for value in mine {
                check_value(&arg.kind, value, self.names, &mut self.findings);
            }
            rest = others;
        }
        if let Some(extra) = rest.first() {
            self.findings.push(extra_value(block, extra.span, args, knob));
        }
    }

    fn properties(&mut self, block: &Block, shape: &Shape) {
        for (name, value) in &block.props {
            match shape.props.iter().find(|knob| knob.name == name.value) {
                Some(knob) => check_value(&knob.kind, value, self.names, &mut self.findings),
                None if shape.open_props => self.free_property(&name.value, value),
                None => self.findings.push(unknown_property(block, name, shape)),
            }
        }
        for knob in
            shape.props.iter().filter(|knob| knob.required && block.prop(&knob.name).is_none())
        {
            let message = format!("`{}=` is missing behind `{}`", knob.name, block.name.value);
            let finding = Finding::error("missing-property", message, block.name.span);
            self.findings.push(finding.help(format!("{}: write `{}=…`.", knob.doc, knob.name)));
        }
    }

    /// A property of any name: a text, a number, a boolean or a secret.
    fn free_property(&mut self, name: &str, value: &Spanned<Value>) {
        let is_text = value.value.as_text().is_some_and(|text| !text.is_empty());
        if is_text && is_secret_word(name) {
            let place = Span { end: value.span.start, ..value.span };
            let mut finding = secret_in_text(place);
            finding.severity = Severity::Warning;
            finding.message = format!("`{name}` looks like a secret and is written here as text");
            self.findings.push(finding);
            return;
        }
        check_value(&Type::Scalar, value, self.names, &mut self.findings);
    }

    fn children(&mut self, block: &Block, knob: &Knob) {
        let shape = &knob.shape;
        if shape.children.is_empty() && !shape.open_children {
            if let Some(first) = block.children.first() {
                let message = format!("`{}` takes no block", knob.name);
                self.findings.push(
                    Finding::error("unknown-block", message, first.name.span)
                        .also(block.name.span, "the block's word")
                        .help(usage(knob)),
                );
            }
            return;
        }
        self.words(&block.children, &shape.children, Some(knob), Some(block.name.span));
    }
}

/// `word #false` turns a word off, unless a boolean is what it holds.
fn is_off(block: &Block, knob: &Knob) -> bool {
    knob.kind != Type::Bool && block.is_turned_off()
}

/// What tells two lines of a word apart: the name that the first argument gives, else all that they say.
fn identity(block: &Block, knob: &Knob) -> String {
    let args = || block.args.iter().map(|arg| arg.value.to_string());
    let first = knob.shape.args.first().map_or(&knob.kind, |arg| &arg.kind);
    if matches!(first, Type::Name | Type::Host | Type::OneOf(_)) {
        return format!(
            "{} {}",
            knob.name,
            block.args.first().map_or(String::new(), |arg| plain(&arg.value))
        );
    }
    let props = block.props.iter().map(|(name, value)| format!("{}={}", name.value, value.value));
    format!("{}\n{}", knob.name, args().chain(props).collect::<Vec<_>>().join(" "))
}

fn plain(value: &Value) -> String {
    value.as_text().map_or_else(|| value.to_string(), str::to_owned)
}

/// `0 2 * * *` without quotes comes as five values.
fn looks_like_cron(args: &[Spanned<Value>]) -> bool {
    let is_field = |value: &Value| match value {
        Value::Integer(_) => true,
        Value::Text(text) => text.chars().all(|c| c.is_ascii_digit() || "*/,-?".contains(c)),
        Value::Null | Value::Bool(_) | Value::Float(_) | Value::Secret(_) | Value::Knob(_) => false,
    };
    args.len() == 5 && args.iter().all(|arg| is_field(&arg.value))
}

fn unquoted_cron(fields: &[Spanned<Value>]) -> Finding {
    let ends = fields.first().zip(fields.last());
    let span =
        ends.map_or(Span::default(), |(first, last)| Span { end: last.span.end, ..first.span });
    let fields: Vec<_> = fields.iter().map(|field| plain(&field.value)).collect();
    Finding::error(NEEDS_QUOTES, "a schedule is one text", span)
        .here("put it in quotes")
        .fix(span, format!("{:?}", fields.join(" ")))
}

fn extra_value(block: &Block, span: Span, args: &[Knob], knob: &Knob) -> Finding {
    let message = match args.len() {
        0 => format!("`{}` takes no value", block.name.value),
        1 => format!("`{}` takes one value", block.name.value),
        count => format!("`{}` takes {count} values", block.name.value),
    };
    Finding::error("extra-value", message, span).here("one too many").help(usage(knob))
}

/// How a word is written.
fn usage(knob: &Knob) -> String {
    let mut text = format!("Write `{}", knob.name);
    if knob.kind == Type::Block {
        for arg in &knob.shape.args {
            let _ = write!(text, " {}", arg.name.to_uppercase());
        }
        for prop in &knob.shape.props {
            let _ = write!(text, " {}=…", prop.name);
        }
        if knob.shape.open_props {
            text.push_str(" NAME=…");
        }
        if !knob.shape.children.is_empty() || knob.shape.open_children {
            text.push_str(" { … }");
        }
    } else if knob.kind != Type::Bool {
        let _ = write!(text, " {}", example(&knob.kind));
    }
    text.push_str("`.");
    text
}

fn unknown(name: &Spanned<String>, knobs: &[Knob], around: Option<&Knob>) -> Finding {
    let message = format!("there is no word `{}` here", name.value);
    let finding = Finding::error("unknown-block", message, name.span);
    let is_property =
        |around: &&Knob| around.shape.props.iter().any(|prop| prop.name == name.value);
    if let Some(around) = around.filter(is_property) {
        return finding.help(format!("It is a property: `{} {}=…`.", around.name, name.value));
    }
    if registered(&name.value).is_some() {
        let help =
            format!("`{}` stands outside of other blocks; is a `}}` missing above?", name.value);
        return finding.help(help);
    }
    suggest(finding, name, knobs.iter().map(|knob| knob.name.as_str()))
}

fn unknown_property(block: &Block, name: &Spanned<String>, shape: &Shape) -> Finding {
    let message = format!("`{}` has no property `{}`", block.name.value, name.value);
    let finding = Finding::error("unknown-property", message, name.span);
    if shape.children.iter().any(|child| child.name == name.value) {
        return finding.help(format!(
            "It is a word between the braces: `{} {{ {} …; }}`.",
            block.name.value, name.value
        ));
    }
    suggest(finding, name, shape.props.iter().map(|knob| knob.name.as_str()))
}

/// Adds the nearest of the words, or all of them.
pub(crate) fn suggest<'w>(
    finding: Finding,
    name: &Spanned<String>,
    words: impl Iterator<Item = &'w str> + Clone,
) -> Finding {
    if let Some(near) = closest(&name.value, words.clone()) {
        return finding.help(format!("Did you mean `{near}`?")).fix(name.span, near);
    }
    let mut words: Vec<_> = words.collect();
    words.sort_unstable();
    if words.is_empty() {
        return finding;
    }
    finding.help(format!("There are: {}.", words.join(", ")))
}
