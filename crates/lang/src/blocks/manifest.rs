//! `manifest "extra/*.yaml" after=app.jellyfin`

use stackctl_model::{Finding, IdPattern, Spanned};

use super::{name_of, prop, shape, text_of};
use crate::{Block, Knob, Manifest, Type};

pub(super) fn declaration() -> Knob {
    let doc = "Ids that come first, perhaps with *; app.NAME is everything of an app";
    let mut shape = shape(
        [Knob::new("file", Type::File, "Path of a YAML file, perhaps with *").required()],
        [Knob::new("after", Type::Text, doc)],
    );
    shape.children = vec![Knob::new("after", Type::List(Box::new(Type::Text)), doc)];
    Knob::block(
        "manifest",
        "Plain manifests: planned, ordered, owned and pruned like the rest",
        shape,
    )
    .repeated()
}

fn after(block: &Block) -> Vec<Spanned<String>> {
    let words = block.children_named("after").flat_map(|child| &child.args);
    prop(block, "after").into_iter().chain(words.filter_map(text_of)).collect()
}

/// Each of what comes first is an id.
pub(super) fn check(block: &Block) -> Vec<Finding> {
    let mut findings = Vec::new();
    for id in after(block) {
        if let Err(error) = id.value.parse::<IdPattern>() {
            let finding = Finding::error("bad-id", error.0, id.span);
            findings.push(finding.help("For everything of an app write app.NAME."));
        }
    }
    findings
}

/// Reads it.
pub(crate) fn read(block: &Block) -> Manifest {
    Manifest { pattern: name_of(block), after: after(block), span: block.span }
}
