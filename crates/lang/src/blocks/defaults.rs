//! `defaults { node { … } app { … } }`: lines that hold for every block of a kind, unless it says otherwise.

use super::{gateway, node, shape, storage_class, volume};
use crate::{Block, Knob, Shape};

pub(super) fn declaration() -> Knob {
    let mut children: Vec<Knob> = [
        node::declaration(),
        storage_class::declaration(),
        volume::declaration(),
        gateway::declaration(),
    ]
    .into_iter()
    .map(partial)
    .collect();
    let lines = Shape { open_children: true, ..Shape::default() };
    children.push(Knob::block("app", "Lines for every app whose module knows them", lines));
    let mut shape = shape([], []);
    shape.children = children;
    Knob::block("defaults", "What holds for every block of a kind", shape)
}

/// The same block without a name, and with nothing required.
fn partial(knob: Knob) -> Knob {
    let mut shape = Shape { args: Vec::new(), ..knob.shape };
    for prop in &mut shape.props {
        prop.required = false;
    }
    Knob { doc: format!("Lines for every {}", knob.name), repeat: false, shape, ..knob }
}

/// A block with whatever only the defaults say of it.
pub(crate) fn merge(block: &Block, defaults: &[Block], knob: &Knob) -> Block {
    let mut merged = block.clone();
    for default in defaults.iter().filter(|default| default.name.value == block.name.value) {
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
