//! The value of every knob, in the form templates see.
//!
//! A word's `-` becomes `_`. A single value is itself, a range `{request, limit}`, a block a map of its
//! arguments, properties and children by name (its free properties and children under `values`), a
//! repeated word a list, a secret `{secret_name, key}` once it has its place in the app's Secret. What is
//! not set is null.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};
use stackctl_lang::{Block, Knob, SecretKeys, Type, Value};
use stackctl_model::{Finding, SecretSource, Span, Spanned};

use super::merge::{Merged, Said, is_off};
use super::patch::block_to_json;
use super::placeholders::Placeholders;
use crate::modules::inherit::Resolved;

/// A word as templates spell it.
pub(crate) fn key_of(word: &str) -> String {
    word.replace('-', "_")
}

/// Reads the values of one app.
pub(crate) struct KnobReader<'a> {
    module: &'a Resolved,
    merged: &'a Merged,
    placeholders: &'a Placeholders<'a>,
    /// Finished ones, by key.
    values: Map<String, Json>,
    /// Knobs whose value is being read, to see circles of `(knob)`.
    open: Vec<&'a str>,
    secrets: BTreeMap<String, SecretSource>,
    findings: &'a mut Vec<Finding>,
}

/// What was read.
pub(crate) struct Values {
    /// By key.
    pub(crate) values: Map<String, Json>,
    /// Keys of the app's Secret.
    pub(crate) secrets: BTreeMap<String, SecretSource>,
}

/// The name of an app's own Secret.
pub(crate) fn secret_name(app: &str) -> String {
    format!("{app}-secrets")
}

/// Reads all values of an app.
pub(crate) fn read_values(
    placeholders: &Placeholders<'_>,
    module: &Resolved,
    merged: &Merged,
    findings: &mut Vec<Finding>,
) -> Values {
    let mut reader = KnobReader {
        module,
        merged,
        placeholders,
        values: Map::new(),
        open: Vec::new(),
        secrets: BTreeMap::new(),
        findings,
    };
    for knob in &module.knobs {
        reader.value_of(knob);
    }
    Values { values: reader.values, secrets: reader.secrets }
}

impl<'a> KnobReader<'a> {
    fn value_of(&mut self, knob: &'a Knob) -> Json {
        let key = key_of(&knob.name);
        if let Some(known) = self.values.get(&key) {
            return known.clone();
        }
        self.open.push(&knob.name);
        let value = match self.merged.get(&knob.name) {
            Some(said) => self.said(knob, said),
            None => self.default_of(knob, &knob.name),
        };
        self.open.pop();
        self.values.insert(key, value.clone());
        value
    }

    fn said(&mut self, knob: &'a Knob, said: &'a [Said]) -> Json {
        if knob.repeat {
            let several = said.len() > 1;
            let blocks = said.iter().map(|said| &said.block);
            return blocks.map(|block| self.repeated(knob, block, several)).collect();
        }
        said.last().map_or(Json::Null, |said| self.block(knob, &said.block, &knob.name))
    }

    /// The first argument goes into the names of secrets, so that two containers may have one each.
    fn repeated(&mut self, knob: &'a Knob, block: &'a Block, several: bool) -> Json {
        let first = block.args.first().and_then(|arg| arg.value.as_text());
        match first {
            Some(first) if several || knob.kind == Type::Block => {
                self.block(knob, block, &format!("{}-{first}", knob.name))
            }
            Some(_) | None => self.block(knob, block, &knob.name),
        }
    }

    fn default_of(&mut self, knob: &'a Knob, path: &str) -> Json {
        let kind = &knob.kind;
        match &knob.default {
            Some(Spanned { value: Value::Text(text), span }) if text.contains("{{") => {
                written(kind, &self.placeholders.fill_text(text, *span, self.findings))
            }
            Some(default) => self.scalar(kind, default, path),
            None if knob.repeat || matches!(kind, Type::List(_)) => Json::Array(Vec::new()),
            None => Json::Null,
        }
    }

    fn block(&mut self, knob: &'a Knob, block: &'a Block, path: &str) -> Json {
        match &knob.kind {
            Type::Block => self.shape(knob, block, path),
            Type::List(of) => block.args.iter().map(|arg| self.scalar(of, arg, path)).collect(),
            Type::Any if !block.children.is_empty() || block.args.is_empty() => {
                block_to_json(block, self.findings)
            }
            kind => match block.args.first() {
                Some(arg) => self.scalar(kind, arg, path),
                None if *kind == Type::Bool => Json::Bool(true),
                None => self.default_of(knob, path),
            },
        }
    }

    fn shape(&mut self, knob: &'a Knob, block: &'a Block, path: &str) -> Json {
        let shape = &knob.shape;
        let mut map = Map::new();
        for (at, knob) in shape.args.iter().enumerate() {
            map.insert(key_of(&knob.name), self.argument(knob, block, at, path));
        }
        for knob in &shape.props {
            let path = format!("{path}-{}", knob.name);
            let value = match block.prop(&knob.name) {
                Some(value) => self.scalar(&knob.kind, value, &path),
                None => self.default_of(knob, &path),
            };
            map.insert(key_of(&knob.name), value);
        }
        for knob in &shape.children {
            map.insert(key_of(&knob.name), self.child(knob, block, path));
        }
        if shape.open_props || shape.open_children {
            map.insert("values".to_owned(), self.free(knob, block, path));
        }
        Json::Object(map)
    }

    fn argument(&mut self, knob: &'a Knob, block: &'a Block, at: usize, path: &str) -> Json {
        let rest = block.args.get(at..).unwrap_or_default();
        match (&knob.kind, rest) {
            (_, []) => self.default_of(knob, path),
            (Type::List(of), rest) => rest.iter().map(|arg| self.scalar(of, arg, path)).collect(),
            (kind, [arg, ..]) => self.scalar(kind, arg, path),
        }
    }

    fn child(&mut self, knob: &'a Knob, block: &'a Block, path: &str) -> Json {
        let path = format!("{path}-{}", knob.name);
        let said = block.children_named(&knob.name);
        if knob.repeat {
            return said
                .filter(|child| !is_off(knob, child))
                .map(|child| self.block(knob, child, &path))
                .collect();
        }
        match said.last() {
            Some(child) if is_off(knob, child) => Json::Null,
            Some(child) => self.block(knob, child, &path),
            None => self.default_of(knob, &path),
        }
    }

    /// Properties and children that have no declaration.
    fn free(&mut self, knob: &'a Knob, block: &'a Block, path: &str) -> Json {
        let shape = &knob.shape;
        let mut map = Map::new();
        for (key, value) in &block.props {
            if shape.props.iter().any(|knob| knob.name == key.value) {
                continue;
            }
            let name = match knob.effects.secret_keys.unwrap_or(SecretKeys::Prefixed) {
                SecretKeys::Bare => key.value.clone(),
                SecretKeys::Prefixed => format!("{path}-{}", key.value),
            };
            let text = self.scalar(&Type::Scalar, value, &name);
            map.insert(key.value.clone(), text);
        }
        for child in &block.children {
            if shape.open_children
                && !shape.children.iter().any(|knob| knob.name == child.name.value)
            {
                map.insert(child.name.value.clone(), block_to_json(child, self.findings));
            }
        }
        Json::Object(map)
    }

    fn scalar(&mut self, kind: &'a Type, value: &'a Spanned<Value>, path: &str) -> Json {
        match &value.value {
            Value::Secret(source) => self.secret(source, path),
            Value::Knob(name) => self.other_knob(name, value.span),
            Value::Null => Json::Null,
            Value::Bool(truth) if is_textual(kind) => Json::String(truth.to_string()),
            Value::Bool(truth) => Json::Bool(*truth),
            Value::Integer(number) if is_textual(kind) => written(kind, &number.to_string()),
            Value::Integer(number) => Json::from(*number),
            Value::Float(number) if is_textual(kind) => written(kind, &number.to_string()),
            Value::Float(number) => Json::from(*number),
            Value::Text(text) => written(kind, text),
        }
    }

    fn secret(&mut self, source: &SecretSource, path: &str) -> Json {
        let wanted: String = path
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() || "-._".contains(c) { c } else { '-' })
            .collect();
        let mut key = wanted.clone();
        let mut number = 2;
        while self.secrets.get(&key).is_some_and(|other| other != source) {
            key = format!("{wanted}-{number}");
            number += 1;
        }
        self.secrets.insert(key.clone(), source.clone());
        json!({"secret_name": secret_name(self.placeholders.app), "key": key})
    }

    fn other_knob(&mut self, name: &str, span: Span) -> Json {
        let module = self.module;
        let Some(knob) = module.knob(name) else {
            self.findings.push(Finding::error(
                "unknown-knob",
                format!("`(knob){name}` names no knob of module {}", module.name),
                span,
            ));
            return Json::Null;
        };
        if self.open.contains(&name) {
            let path = self.open.iter().chain([&name]).copied().collect::<Vec<_>>().join(" → ");
            self.findings.push(Finding::error(
                "knob-cycle",
                format!(
                    "knobs of module {} take their values from each other: {path}",
                    module.name
                ),
                span,
            ));
            return Json::Null;
        }
        self.value_of(knob)
    }
}

/// Whether a number or boolean of this type is kept as text.
fn is_textual(kind: &Type) -> bool {
    match kind {
        Type::Bool | Type::Integer | Type::Port | Type::Any => false,
        Type::List(of) => is_textual(of),
        Type::Text
        | Type::Scalar
        | Type::Name
        | Type::Image
        | Type::Path
        | Type::File
        | Type::Quantity
        | Type::Duration
        | Type::Cron
        | Type::Cidr
        | Type::Ip
        | Type::Host
        | Type::Url
        | Type::Nfs
        | Type::Percent
        | Type::TimeZone
        | Type::SshTarget
        | Type::Secret
        | Type::OneOf(_)
        | Type::Range(_)
        | Type::Reference(_)
        | Type::Block => true,
    }
}

fn written(kind: &Type, text: &str) -> Json {
    if matches!(kind, Type::Range(_)) {
        let (request, limit) = text.split_once("..").unwrap_or((text, text));
        json!({"request": non_empty(request), "limit": non_empty(limit)})
    } else if matches!(kind, Type::List(_)) {
        json!([text])
    } else {
        Json::String(text.to_owned())
    }
}

fn non_empty(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}
