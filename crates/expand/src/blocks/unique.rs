//! No two resources of one name.

use std::collections::{BTreeSet, HashMap};

use stackctl_lang::Sources;
use stackctl_model::{Finding, Origin, Resource, ResourceId, SourceId, Span};

use super::builder::StackBuilder;

/// Keeps the first resource of each name; every other is a finding that shows both places.
pub(super) fn keep_first(builder: StackBuilder<'_>) -> Vec<Resource> {
    let StackBuilder { mut resources, sources, findings, .. } = builder;
    let mut again = BTreeSet::new();
    {
        let mut seen: HashMap<&ResourceId, &Origin> = HashMap::with_capacity(resources.len());
        for (at, resource) in resources.iter().enumerate() {
            if let Some(first) = seen.get(&resource.id) {
                findings.push(twice(&resource.id, (first, &resource.origin), sources));
                again.insert(at);
            } else {
                seen.insert(&resource.id, &resource.origin);
            }
        }
    }
    if !again.is_empty() {
        let mut at = 0..;
        resources.retain(|_| at.next().is_some_and(|at| !again.contains(&at)));
    }
    resources
}

fn twice(id: &ResourceId, (first, second): (&Origin, &Origin), sources: &Sources) -> Finding {
    let message = format!("{id} is made twice: at {first} and at {second}");
    let finding = Finding::error("duplicate-resource", message, span_of(second, sources))
        .help("Rename one of them, or take it away.");
    if first == second { finding } else { finding.also(span_of(first, sources), "the other one") }
}

/// From an origin's place to the end of its line; the start of the first text when it is in none.
fn span_of(origin: &Origin, sources: &Sources) -> Span {
    let mut number = 0;
    while let Some(source) = sources.get(SourceId(number)) {
        if source.name == origin.file {
            let before: usize = source
                .text
                .split_inclusive('\n')
                .take(origin.line.saturating_sub(1))
                .map(str::len)
                .sum();
            let rest = source.text.get(before..).unwrap_or_default();
            let line = rest.lines().next().unwrap_or_default();
            let skipped: usize =
                line.chars().take(origin.column.saturating_sub(1)).map(char::len_utf8).sum();
            let (start, end) = (before + skipped, before + line.len());
            return Span { source: SourceId(number), start, end };
        }
        number += 1;
    }
    Span::default()
}

#[cfg(test)]
mod tests {
    use stackctl_lang::Sources;
    use stackctl_model::Span;

    use super::span_of;

    #[test]
    fn an_origin_leads_back_to_its_span() {
        let mut sources = Sources::default();
        sources.add("a.kdl", "x\n");
        let source = sources.add("b.kdl", "first\n  äö third\n");
        let span = Span { source, start: 8, end: 18 };
        assert_eq!(span_of(&sources.origin(span), &sources), span);
    }
}
