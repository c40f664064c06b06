//! The lease this run holds.

use serde_json::Value;

/// The lease this run holds, as it last wrote it.
pub(crate) struct HeldLease {
    pub(super) path: String,
    pub(super) lease: Value,
}
