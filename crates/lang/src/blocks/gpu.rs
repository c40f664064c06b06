//! `gpu intel "/dev/dri/renderD128"` in the block of a node.

use stackctl_model::Spanned;

/// A GPU of a machine.
#[derive(Clone, Debug, PartialEq)]
pub struct Gpu {
    /// Such as `intel`.
    pub class: Spanned<String>,
    /// Such as `/dev/dri/renderD128`.
    pub device: Option<Spanned<String>>,
}
