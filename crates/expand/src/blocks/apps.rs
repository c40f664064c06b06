//! The objects of apps, and how their values are read.

use serde_json::Value;
use stackctl_lang::Block;
use stackctl_model::{Object, Span};

use super::gpu;
use super::made::Made;
use crate::{AppObject, ExpandedApp};

/// Takes the objects out of the apps, in their order, so that they need not be copied.
pub(super) fn take_objects(apps: &mut [ExpandedApp]) -> Vec<Vec<AppObject>> {
    apps.iter_mut().map(|app| std::mem::take(&mut app.objects)).collect()
}

/// Adds what the templates of all apps made.
pub(super) fn make(made: &mut Made<'_>, objects: Vec<Vec<AppObject>>) {
    made.scopes.learn(objects.iter().flatten().map(|object| &object.value));
    for (app, objects) in made.apps.iter().zip(objects) {
        for AppObject { value, secrets, origin } in objects {
            let gpus = gpu::devices(made, app, &value);
            made.add(Some(&app.name), Object { value, secrets, gpus }, origin);
        }
    }
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
    pub(crate) fn place_of(&self, word: &str) -> Span {
        self.said(word).last().map_or(self.span, |block| block.span)
    }

    /// The port its pods listen on.
    pub(crate) fn port(&self) -> Option<u16> {
        port(self.value("port"))
    }
}

/// A value as a port.
pub(super) fn port(value: &Value) -> Option<u16> {
    value.as_u64().and_then(|number| u16::try_from(number).ok())
}
