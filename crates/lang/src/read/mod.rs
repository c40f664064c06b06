//! Files to stacks and modules: what is read, in which order, and all that is wrong with it.

mod assemble;
mod include;
mod knob;
mod module;
mod paths;

use std::collections::BTreeSet;

use stackctl_model::{Finding, SourceId, Span};

use crate::codes::{NEEDS_QUOTES, SECRET_IN_TEXT};
use crate::source::{Files, Sources};
use crate::stack::Stack;
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
        let (stack, more) = assemble::assemble(blocks, place);
        findings.extend(more);
        stack
    });
    (stack, in_order(findings))
}

/// Findings of one run sorted by place, each once. Of a secret written as text nothing else is said, and of
/// missing quotes nothing where another finding mends them too.
pub fn in_order(mut findings: Vec<Finding>) -> Vec<Finding> {
    findings.sort_by_key(|finding| finding.span().map(|span| (span.source, span.start, span.end)));
    let start = |finding: &Finding| finding.span().map(|span| (span.source, span.start));
    let secrets: BTreeSet<_> = findings
        .iter()
        .filter(|finding| finding.code == SECRET_IN_TEXT)
        .filter_map(start)
        .collect();
    let place = |finding: &Finding| (start(finding), finding.span().map(|span| span.end));
    let has_better = |finding: &Finding| finding.fix.is_some() && finding.code != NEEDS_QUOTES;
    let mended: BTreeSet<_> =
        findings.iter().filter(|finding| has_better(finding)).map(place).collect();
    let mut seen = BTreeSet::new();
    findings.retain(|finding| {
        let is_of_secret = start(finding).is_some_and(|start| secrets.contains(&start));
        let (_, end) = place(finding);
        (!is_of_secret || finding.code == SECRET_IN_TEXT)
            && (finding.code != NEEDS_QUOTES || !mended.contains(&place(finding)))
            && seen.insert((start(finding), end, finding.code.clone(), finding.message.clone()))
    });
    findings
}
