//! `app jellyfin { … }`: its lines are checked by its module, not here.

use super::{name_of, prop, shape};
use crate::{App, Block, Knob, Layer, LayerKind, Type};

pub(super) fn declaration() -> Knob {
    let mut shape = shape(
        [Knob::new("name", Type::Name, "Its name").required()],
        [Knob::new("module", Type::Name, "Its module; the one of its name when not said")],
    );
    shape.open_children = true;
    Knob::block("app", "An app; its module says what may stand in its block", shape).repeated()
}

/// Reads it, upon what defaults and its group say.
pub(crate) fn read(block: &Block, below: &[Layer]) -> App {
    let name = name_of(block);
    let mut layers = below.to_vec();
    layers.push(Layer { kind: LayerKind::Own, blocks: block.children.clone() });
    App {
        module: prop(block, "module").unwrap_or_else(|| name.clone()),
        name,
        layers,
        span: block.span,
    }
}
