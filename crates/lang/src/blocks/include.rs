//! `include "other.kdl"`: its blocks stand here. Reading it is the business of `read`.

use super::shape;
use crate::{Knob, Type};

pub(super) fn declaration() -> Knob {
    let path =
        Knob::new("file", Type::File, "Path, relative to this file, perhaps with *").required();
    Knob::block("include", "Blocks of another file", shape([path], [])).repeated()
}
