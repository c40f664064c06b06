//! `ownership { yield "spec.replicas" on="deployment/media/*"; fail "data.*" on=configmap; }`

use stackctl_model::{FieldPolicy, FieldRule, Finding, IdPattern};

use super::lines::{name_of, prop, shape};
use super::top_level::TopLevel;
use crate::declare::{Knob, Shape, Type};
use crate::value::Block;

pub(crate) const BLOCK: TopLevel = TopLevel {
    check,
    ..TopLevel::once(
        "ownership",
        "What to do about fields that others have written; the first line that fits holds",
        words,
    )
};

const POLICIES: [(&str, FieldPolicy, &str); 3] = [
    ("yield", FieldPolicy::Yield, "Leave the field to the other"),
    ("take", FieldPolicy::Take, "Write it all the same; the plan names the other first"),
    ("fail", FieldPolicy::Fail, "Write nothing of the object, and exit 7"),
];

fn words() -> Shape {
    let path = "Path as plans print it, perhaps with *; what is below it is meant too";
    let policy = |(word, _, doc): (&str, FieldPolicy, &str)| {
        let on =
            Knob::new("on", Type::Text, "Ids of the objects, perhaps with *; all when not said");
        let block = shape([Knob::new("path", Type::Text, path).required()], [on]);
        Knob::block(word, doc, block).repeated()
    };
    Shape { children: POLICIES.map(policy).into(), ..Shape::default() }
}

/// Each `on` is an id.
fn check(block: &Block) -> Vec<Finding> {
    let ids = block.children.iter().filter_map(|child| prop(child, "on"));
    ids.filter_map(|id| {
        let error = id.value.parse::<IdPattern>().err()?;
        Some(Finding::error("bad-id", error.0, id.span).help("Such as deployment/media/jellyfin."))
    })
    .collect()
}

/// Reads its lines, in order.
pub(crate) fn read(block: &Block) -> Vec<FieldRule> {
    let rule = |child: &Block| {
        let (_, policy, _) = POLICIES.iter().find(|(word, ..)| *word == child.name.value)?;
        let on = prop(child, "on").and_then(|id| id.value.parse().ok());
        Some(FieldRule { policy: *policy, path: name_of(child).value, on })
    };
    block.children.iter().filter_map(rule).collect()
}
