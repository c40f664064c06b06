//! `group arr { cpu "500m..1"; app sonarr; }`: its lines hold for each app in it.

use super::{app, name_of, shape};
use crate::{App, Block, Knob, Layer, LayerKind, Type};

pub(super) fn declaration() -> Knob {
    let mut shape = shape([Knob::new("name", Type::Name, "Its name, for messages").required()], []);
    shape.open_children = true;
    Knob::block("group", "Apps that share lines; what an app itself says wins", shape).repeated()
}

/// Reads its apps.
pub(crate) fn read(block: &Block, below: &[Layer]) -> Vec<App> {
    let is_line = |child: &&Block| !matches!(child.name.value.as_str(), "app" | "group");
    let lines = block.children.iter().filter(is_line).cloned().collect();
    let mut layers = below.to_vec();
    layers.push(Layer { kind: LayerKind::Group(name_of(block).value), blocks: lines });
    block.children_named("app").map(|child| app::read(child, &layers)).collect()
}
