//! `manifest "extra/*.yaml" after=app.jellyfin`

use stackctl_model::{Finding, IdPattern, Span, Spanned};

use super::lines::{meant, name_of, prop, shape, text_of};
use super::top_level::TopLevel;
use crate::declare::{Knob, Shape, Type};
use crate::value::Block;

pub(crate) const BLOCK: TopLevel = TopLevel {
    check,
    ..TopLevel::named(
        "manifest",
        "Plain manifests: planned, ordered, owned and pruned like the rest",
        words,
    )
};

/// Plain YAML files.
#[derive(Clone, Debug, PartialEq)]
pub struct Manifest {
    /// Path or pattern, relative to the stack's folder.
    pub pattern: Spanned<String>,
    /// Patterns over ids that come first.
    pub after: Vec<Spanned<IdPattern>>,
    /// Where it was written.
    pub span: Span,
}

fn words() -> Shape {
    let doc = "Ids that come first, perhaps with *; app.NAME is everything of an app";
    let mut manifest = shape(
        [Knob::new("file", Type::File, "Path of a YAML file, perhaps with *").required()],
        [Knob::new("after", Type::Text, doc)],
    );
    manifest.children = vec![Knob::new("after", Type::List(Box::new(Type::Text)), doc)];
    manifest
}

fn after(block: &Block) -> Vec<Spanned<String>> {
    let words = block.children_named("after").flat_map(|child| &child.args);
    prop(block, "after").into_iter().chain(words.filter_map(text_of)).collect()
}

/// Each of what comes first is an id.
fn check(block: &Block) -> Vec<Finding> {
    let wrong = |id: Spanned<String>| {
        let error = id.value.parse::<IdPattern>().err()?;
        let finding = Finding::error("bad-id", error.0, id.span);
        Some(finding.help("For everything of an app write app.NAME."))
    };
    after(block).into_iter().filter_map(wrong).collect()
}

/// Reads it.
pub(crate) fn read(block: &Block) -> Manifest {
    Manifest {
        pattern: name_of(block),
        after: after(block).iter().filter_map(meant).collect(),
        span: block.span,
    }
}
