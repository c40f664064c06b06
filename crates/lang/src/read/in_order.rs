//! Findings of one run as people read them: by place, each once, and none that another makes needless.

use std::collections::BTreeSet;

use stackctl_model::Finding;

use crate::codes::{NEEDS_QUOTES, SECRET_IN_TEXT};

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
