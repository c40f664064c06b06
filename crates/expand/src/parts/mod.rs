//! Ready-made parts for templates: what every workload needs, computed from the knobs of `app` (or of any
//! module that has knobs of the same names). A part that does not apply is null or empty, and a field
//! given such a part is left out.

mod context;
mod input;
mod json;
mod names;
mod network;
mod pod;
mod storage;

pub(crate) use context::{TemplateContext, context};
pub(crate) use input::{PartsInput, Variable};
pub(crate) use names::PART_NAMES;
