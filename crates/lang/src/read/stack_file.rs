//! A stack's files to a stack.

use stackctl_model::{Finding, SourceId, Span};

use super::assemble::assemble;
use super::in_order::in_order;
use super::include::Loader;
use crate::source::{Files, Sources};
use crate::stack::Stack;

/// Reads a stack and what it includes. `None` when its file cannot be read or its structure cannot be
/// trusted; otherwise as much as is sound, errors or not. Findings are sorted by place.
pub fn read_stack(
    files: &dyn Files,
    path: &str,
    sources: &mut Sources,
) -> (Option<Stack>, Vec<Finding>) {
    let mut loader = Loader::new(files, path, sources);
    let blocks = loader.load();
    let (root, mut findings) = loader.finish();
    let stack = blocks.map(|blocks| {
        let place = Span { source: root.unwrap_or(SourceId(0)), start: 0, end: 0 };
        let (stack, more) = assemble(blocks, place);
        findings.extend(more);
        stack
    });
    (stack, in_order(findings))
}
