//! What the ready-made parts are computed from.

use serde_json::{Map, Value};
use stackctl_lang::{Block, Stack};
use stackctl_model::Span;

use crate::app::merge::Merged;

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
    /// What was said, for findings.
    pub(crate) merged: &'a Merged,
}

impl<'a> PartsInput<'a> {
    pub(super) fn value(&self, key: &str) -> &'a Value {
        self.values.get(key).unwrap_or(&Value::Null)
    }

    pub(super) fn list(&self, key: &str) -> &'a [Value] {
        self.value(key).as_array().map_or(&[], Vec::as_slice)
    }

    /// Where a word with this first argument (any, when empty) was said; else the app's block.
    pub(super) fn block_span(&self, word: &str, first: &str) -> Span {
        let said = self.merged.get(word).into_iter().flatten().rev();
        let named = |block: &Block| {
            first.is_empty()
                || block.args.first().and_then(|arg| arg.value.as_text()) == Some(first)
        };
        said.map(|said| &said.block)
            .find(|block| named(block))
            .map_or(self.span, |block| block.span)
    }
}
