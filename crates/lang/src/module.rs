//! A module's declarations: `module.kdl`, read.

use stackctl_model::{Span, Spanned};

use crate::declare::Knob;
use crate::value::Block;

/// One `module.kdl`, before what it extends is merged in.
#[derive(Clone, Debug, PartialEq)]
pub struct Module {
    /// Its name; the folder has the same.
    pub name: Spanned<String>,
    /// The module it builds on.
    pub extends: Option<Spanned<String>>,
    /// One line for people.
    pub doc: String,
    /// Knobs it adds, or declares anew.
    pub knobs: Vec<Knob>,
    /// `set` lines: values it gives to knobs, its own or inherited; a block named after the knob.
    pub sets: Vec<Block>,
    /// Templates it adds.
    pub templates: Vec<Template>,
    /// `patch KIND { … }` blocks.
    pub patches: Vec<Block>,
    /// Where it was written.
    pub span: Span,
}

/// A template of a module.
#[derive(Clone, Debug, PartialEq)]
pub struct Template {
    /// File name beside `module.kdl`.
    pub file: Spanned<String>,
    /// The knob that must be set for it to render.
    pub when: Option<Spanned<String>>,
}
