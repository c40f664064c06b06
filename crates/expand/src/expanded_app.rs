//! An app whose module has made its objects, and how its knobs are asked.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use stackctl_lang::Block;
use stackctl_model::{Origin, SecretSource, Span, Spanned};

/// An app whose module has made its objects.
#[derive(Debug)]
pub(crate) struct ExpandedApp {
    /// Its name.
    pub(crate) name: String,
    /// Its block.
    pub(crate) span: Span,
    /// Every knob in the form templates see, its word with `_` for `-`: `api_key`, `volume[0].name`,
    /// `sso.groups`. A knob that is not set is null, a repeated one an empty list.
    pub(crate) values: Map<String, Value>,
    /// The winning blocks by word (as written, with `-`), for spans.
    pub(crate) blocks: BTreeMap<String, Vec<Block>>,
    /// The other apps it names.
    pub(crate) references: Vec<AppReference>,
    /// What its templates made, the app's Secret included.
    pub(crate) objects: Vec<AppObject>,
}

/// Another app that an app names.
#[derive(Debug)]
pub(crate) struct AppReference {
    /// The word that names it.
    pub(crate) word: String,
    /// Its name.
    pub(crate) name: Spanned<String>,
}

/// One object of an app.
#[derive(Clone, Debug)]
pub(crate) struct AppObject {
    /// As it would be applied, without secret values.
    pub(crate) value: Value,
    /// For a Secret: keys under `data` whose values come from elsewhere.
    pub(crate) secrets: BTreeMap<String, SecretSource>,
    /// The line that asks for it.
    pub(crate) origin: Origin,
}

impl ExpandedApp {
    /// The value of a knob as templates see it; null when the module has no such knob.
    pub(crate) fn value(&self, knob: &str) -> &Value {
        self.values.get(knob).unwrap_or(&Value::Null)
    }

    /// What was said with a word, by the stack or by a module; nothing when it was turned off.
    pub(crate) fn said(&self, word: &str) -> &[Block] {
        self.blocks.get(word).map_or(&[], Vec::as_slice)
    }

    /// Whether a word holds: said, or set by default.
    pub(crate) fn has(&self, knob: &str) -> bool {
        match self.value(knob) {
            Value::Null | Value::Bool(false) => false,
            Value::Array(items) => !items.is_empty(),
            Value::Bool(true) | Value::Number(_) | Value::String(_) | Value::Object(_) => true,
        }
    }

    /// Where a word was said last; the app's own block when nowhere.
    pub(crate) fn span_of_word(&self, word: &str) -> Span {
        self.said(word).last().map_or(self.span, |block| block.span)
    }

    /// The port its pods listen on.
    pub(crate) fn port(&self) -> Option<u16> {
        port(self.value("port"))
    }
}

/// A value as a port.
pub(crate) fn port(value: &Value) -> Option<u16> {
    value.as_u64().and_then(|number| u16::try_from(number).ok())
}
