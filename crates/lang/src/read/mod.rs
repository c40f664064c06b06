//! Files to stacks and modules: what is read, in which order, and all that is wrong with it.

mod assemble;
mod include;
mod knob;
mod module;
mod paths;

use std::collections::BTreeSet;

use stackctl_model::{Finding, SourceId, Span};

use crate::{Files, Sources, Stack};
use include::Loader;

pub use module::read_module;

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
        let (stack, more) = assemble::assemble(&blocks, place);
        findings.extend(more);
        stack
    });
    (stack, in_order(findings))
}

/// Sorted by place, each once.
fn in_order(mut findings: Vec<Finding>) -> Vec<Finding> {
    findings.sort_by_key(|finding| finding.span().map(|span| (span.source, span.start, span.end)));
    let mut seen = BTreeSet::new();
    let key = |finding: &Finding| (finding.span(), finding.code, finding.message.clone());
    findings.retain(|finding| {
        let (span, code, message) = key(finding);
        seen.insert((span.map(|span| (span.source, span.start, span.end)), code, message))
    });
    findings
}
