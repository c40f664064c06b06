//! What the ready-made parts are computed from.

use serde_json::{Map, Value};
use stackctl_lang::{Block, Sources, Stack};
use stackctl_model::{Origin, Span};

use crate::app::merge::{Merged, Said};

/// An environment variable that a knob sets.
pub(crate) struct Variable {
    /// Its name.
    pub(crate) name: String,
    /// Its value; a secret as `{secret_name, key}`.
    pub(crate) value: Value,
}

/// What the parts are made from.
pub(crate) struct PartsInput<'a> {
    /// The stack.
    pub(crate) stack: &'a Stack,
    /// The app's name.
    pub(crate) app: &'a str,
    /// The app's block, for findings.
    pub(crate) span: Span,
    /// Every knob.
    pub(crate) values: &'a Map<String, Value>,
    /// Variables that knobs set.
    pub(crate) variables: &'a [Variable],
    /// What was said, for findings and origins.
    pub(crate) merged: &'a Merged,
    /// The texts it was said in.
    pub(crate) sources: &'a Sources,
}

impl<'a> PartsInput<'a> {
    pub(super) fn value(&self, key: &str) -> &'a Value {
        self.values.get(key).unwrap_or(&Value::Null)
    }

    pub(super) fn list(&self, key: &str) -> &'a [Value] {
        self.value(key).as_array().map_or(&[], Vec::as_slice)
    }

    /// Where a word was said last; else the app's block.
    pub(super) fn word_span(&self, word: &str) -> Span {
        self.said(word).last().map_or(self.span, |said| said.block.span)
    }

    /// Where a word with this first argument was said last; else the app's block.
    pub(super) fn named_span(&self, word: &str, first: &str) -> Span {
        let mut said = self.said(word).iter().rev();
        said.find(|said| is_named(&said.block, first)).map_or(self.span, |said| said.block.span)
    }

    /// The line of the stack that says a word with this first argument, which no module's `set` is; else
    /// the app's.
    pub(super) fn named_origin(&self, word: &str, first: &str) -> Origin {
        let mut said = self.said(word).iter().rev().filter(|said| !said.by_module);
        let line = said.find(|said| is_named(&said.block, first));
        self.sources.origin(line.map_or(self.span, |said| said.block.span))
    }

    fn said(&self, word: &str) -> &'a [Said] {
        self.merged.get(word).map_or(&[], Vec::as_slice)
    }
}

fn is_named(block: &Block, first: &str) -> bool {
    block.args.first().and_then(|arg| arg.value.as_text()) == Some(first)
}
