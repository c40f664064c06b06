//! `cluster context=home`

use super::{prop, shape};
use crate::{Block, Cluster, Knob, Type};

pub(super) fn declaration() -> Knob {
    let context = Knob::new(
        "context",
        Type::Text,
        "Context of the kubeconfig; the current one when not said",
    );
    Knob::block("cluster", "Which cluster", shape([], [context]))
}

/// Reads it.
pub(crate) fn read(block: &Block) -> Cluster {
    Cluster { context: prop(block, "context"), span: block.span }
}
