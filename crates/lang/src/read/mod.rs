//! Files to stacks and modules.

use stackctl_model::Finding;

use crate::{Files, Module, Sources, Stack};

/// Reads a stack and what it includes.
pub fn read_stack(
    _files: &dyn Files,
    _path: &str,
    _sources: &mut Sources,
) -> (Option<Stack>, Vec<Finding>) {
    (None, Vec::new())
}

/// Reads one `module.kdl`.
pub fn read_module(
    _files: &dyn Files,
    _path: &str,
    _sources: &mut Sources,
) -> (Option<Module>, Vec<Finding>) {
    (None, Vec::new())
}
