//! `cluster context=home`

use stackctl_model::{Span, Spanned};

use super::lines::{prop, shape};
use super::top_level::TopLevel;
use crate::declare::{Knob, Shape, Type};
use crate::value::Block;

pub(crate) const BLOCK: TopLevel = TopLevel::once("cluster", "Which cluster", words);

/// Which cluster a stack belongs to.
#[derive(Clone, Debug, PartialEq)]
pub struct Cluster {
    /// Context of the kubeconfig.
    pub context: Option<Spanned<String>>,
    /// Where it was written.
    pub span: Span,
}

fn words() -> Shape {
    let doc = "Context of the kubeconfig; the current one when not said";
    shape([], [Knob::new("context", Type::Text, doc)])
}

/// Reads it.
pub(crate) fn read(block: &Block) -> Cluster {
    Cluster { context: prop(block, "context"), span: block.span }
}
