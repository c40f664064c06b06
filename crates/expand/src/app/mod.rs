//! An app to its objects: layers merged, knobs read, templates rendered, patches applied.

mod app_references;
mod expand;
mod knob_values;
pub(crate) mod merge;
mod patch;
mod placeholders;

pub(crate) use expand::expand_apps;
