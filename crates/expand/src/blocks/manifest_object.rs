//! One object of a manifest, between the reading of its file and its place among the resources.

use serde_json::Value;
use stackctl_lang::Manifest;
use stackctl_model::{Origin, Span};

/// One object of a manifest block.
pub(super) struct ManifestObject<'a> {
    pub(super) manifest: &'a Manifest,
    pub(super) value: Value,
    pub(super) origin: Origin,
    pub(super) span: Span,
}
