//! `defaults { node { … } app { … } }`: lines that hold for every block of a kind, unless it says otherwise.

use super::app::{App, Layer, LayerKind, add_containers};
use super::top_level::{Defaults, TopLevel};
use crate::declare::{Knob, Shape};
use crate::value::Block;

/// Its words follow from the blocks that take defaults: [`lines_for`].
pub(crate) const BLOCK: TopLevel = TopLevel {
    more_names: |block, names| {
        for app in block.children_named("app") {
            add_containers(&app.children, names);
        }
    },
    ..TopLevel::once("defaults", "What holds for every block of a kind", Shape::default)
};

/// What may stand between the braces for a block: the block without a name, and with nothing required.
pub(crate) fn lines_for(block: &TopLevel) -> Option<Knob> {
    let word = block.word;
    match block.defaults {
        Defaults::None => None,
        Defaults::Merged => {
            let mut shape = Shape { args: Vec::new(), ..(block.shape)() };
            for prop in &mut shape.props {
                prop.required = false;
            }
            Some(Knob::block(word, &format!("Lines for every {word}"), shape))
        }
        Defaults::Layered => {
            let lines = Shape { open_children: true, ..Shape::default() };
            let doc = format!("Lines for every {word} whose module knows them");
            Some(Knob::block(word, &doc, lines))
        }
    }
}

/// A block with whatever only the defaults say of it.
pub(crate) fn merge(block: &Block, defaults: &Block, knob: &Knob) -> Block {
    let mut merged = block.clone();
    for default in defaults.children_named(&block.name.value) {
        add(&mut merged, default, &knob.shape);
    }
    merged
}

fn add(block: &mut Block, default: &Block, shape: &Shape) {
    for (name, value) in &default.props {
        if block.prop(&name.value).is_none() {
            block.props.push((name.clone(), value.clone()));
        }
    }
    for line in &default.children {
        let knob = shape.children.iter().find(|knob| knob.name == line.name.value);
        let is_repeated = knob.is_some_and(|knob| knob.repeat);
        let first = |block: &Block| block.args.first().map(|arg| arg.value.clone());
        let same = block.children.iter_mut().find(|child| {
            child.name.value == line.name.value && (!is_repeated || first(child) == first(line))
        });
        match (same, knob) {
            (None, _) => block.children.push(line.clone()),
            (Some(child), Some(knob)) => add(child, line, &knob.shape),
            (Some(_), None) => {}
        }
    }
}

/// Lays the lines for apps under each of them.
pub(crate) fn lay_under(apps: &mut [App], defaults: &[&Block]) {
    let lines: Vec<Block> = defaults
        .iter()
        .flat_map(|defaults| defaults.children_named("app"))
        .flat_map(|app| app.children.iter().cloned())
        .collect();
    if lines.is_empty() {
        return;
    }
    for app in apps {
        app.layers.insert(0, Layer { kind: LayerKind::Defaults, blocks: lines.clone() });
    }
}
