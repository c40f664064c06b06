//! Which other apps an app names: the values of knobs of type `ref<app>`, whatever their word.

use std::collections::BTreeMap;

use stackctl_lang::{Block, Knob, Type, Value};
use stackctl_model::Spanned;

use crate::expanded_app::AppReference;

/// In the order of words. What a module's default says counts as well.
pub(crate) fn referenced_apps(
    knobs: &[Knob],
    blocks: &BTreeMap<String, Vec<Block>>,
) -> Vec<AppReference> {
    let mut found = Vec::new();
    for knob in knobs {
        let mut names = Vec::new();
        match blocks.get(&knob.name) {
            Some(said) => said.iter().for_each(|block| of_block(knob, block, &mut names)),
            None => {
                names.extend(knob.default.as_ref().filter(|_| is_app(&knob.kind)).and_then(text));
            }
        }
        found.extend(names.into_iter().map(|name| AppReference { word: knob.name.clone(), name }));
    }
    found
}

fn of_block(knob: &Knob, block: &Block, names: &mut Vec<Spanned<String>>) {
    if is_app(&knob.kind) {
        names.extend(block.args.iter().filter_map(text));
        return;
    }
    let shape = &knob.shape;
    for (at, arg) in block.args.iter().enumerate() {
        // The last declared argument may be a list, which takes all that follow.
        let declared = shape.args.get(at).or(shape.args.last());
        if declared.is_some_and(|declared| is_app(&declared.kind)) {
            names.extend(text(arg));
        }
    }
    for prop in shape.props.iter().filter(|prop| is_app(&prop.kind)) {
        names.extend(block.prop(&prop.name).and_then(text));
    }
    for child in &shape.children {
        for inner in block.children_named(&child.name) {
            of_block(child, inner, names);
        }
    }
}

fn is_app(kind: &Type) -> bool {
    match kind {
        Type::Reference(kind) => kind == "app",
        Type::List(inner) => is_app(inner),
        Type::Bool
        | Type::Integer
        | Type::Text
        | Type::Scalar
        | Type::Port
        | Type::Name
        | Type::Image
        | Type::Path
        | Type::File
        | Type::Quantity
        | Type::Duration
        | Type::Cron
        | Type::Cidr
        | Type::Ip
        | Type::Host
        | Type::Url
        | Type::Nfs
        | Type::Percent
        | Type::TimeZone
        | Type::SshTarget
        | Type::Secret
        | Type::OneOf(_)
        | Type::Range(_)
        | Type::Block
        | Type::Any => false,
    }
}

fn text(value: &Spanned<Value>) -> Option<Spanned<String>> {
    value.value.as_text().map(|name| Spanned::new(name.to_owned(), value.span))
}
