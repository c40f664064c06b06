//! An app to its objects: layers merged, knobs read, templates rendered, patches applied.

mod effects;
mod expand;
mod findings;
pub(crate) mod knob_values;
pub(crate) mod merge;
mod patch;
mod placeholders;

pub(crate) use expand::expand_apps;
