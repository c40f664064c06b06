//! An app whose module has made its objects, and how its knobs are asked.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use stackctl_lang::{Block, Wire};
use stackctl_model::{Origin, SecretSource, Span, Spanned};

use crate::claim::Claim;

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
    /// What its knobs do beside having a value.
    pub(crate) effects: AppEffects,
    /// The claims of its own volumes.
    pub(crate) claims: Vec<Claim>,
    /// What its templates made, the app's Secret included.
    pub(crate) objects: Vec<AppObject>,
}

/// What the knobs of an app do beside having a value, as their module declares it.
#[derive(Debug, Default)]
pub(crate) struct AppEffects {
    /// The other apps it names, each with the way of their connections.
    pub(crate) references: Vec<AppReference>,
    /// Settings inside the app.
    pub(crate) settings: Vec<AppSetting>,
    /// Ports that a namespace may connect to.
    pub(crate) opened: Vec<OpenedPort>,
    /// Pods that its templates make beside the app's.
    pub(crate) own_pods: Vec<OwnPods>,
}

/// Another app that an app names.
#[derive(Debug)]
pub(crate) struct AppReference {
    /// Who connects to whom.
    pub(crate) wire: Wire,
    /// Its name.
    pub(crate) name: Spanned<String>,
}

/// A line that becomes a setting inside the app.
#[derive(Debug)]
pub(crate) struct AppSetting {
    /// What it is called there.
    pub(crate) setting: String,
    /// The other app it is about, if it is about one.
    pub(crate) other: Option<String>,
    /// The line.
    pub(crate) block: Block,
}

/// A port that is open to the pods of a namespace.
#[derive(Debug)]
pub(crate) struct OpenedPort {
    /// The namespace.
    pub(crate) namespace: String,
    /// The port.
    pub(crate) port: u16,
}

/// Pods that a template makes for a knob, with a name of their own.
#[derive(Debug)]
pub(crate) struct OwnPods {
    /// What their label `app.kubernetes.io/name` says.
    pub(crate) name: String,
    /// The line that asks for them.
    pub(crate) span: Span,
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
        is_set(self.value(knob))
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

/// Whether a value says that its knob holds.
pub(crate) fn is_set(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => false,
        Value::Array(items) => !items.is_empty(),
        Value::Bool(true) | Value::Number(_) | Value::String(_) | Value::Object(_) => true,
    }
}

/// A value as a port.
pub(crate) fn port(value: &Value) -> Option<u16> {
    value.as_u64().and_then(|number| u16::try_from(number).ok())
}
