//! `include "other.kdl"`: its blocks stand here. Reading it is the business of `read`.

use super::lines::shape;
use super::top_level::TopLevel;
use crate::declare::{Knob, Shape, Type};

pub(crate) const BLOCK: TopLevel = TopLevel {
    // A file that is included twice is said where it is read, with the file's own path.
    is_named: false,
    ..TopLevel::named("include", "Blocks of another file", words)
};

fn words() -> Shape {
    let path =
        Knob::new("file", Type::File, "Path, relative to this file, perhaps with *").required();
    shape([path], [])
}
