//! What an action does, and what it could cost, each in one word: as they are counted and published.

use serde::{Deserialize, Serialize};

/// What a plan does to one resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ActionKind {
    /// Made anew.
    Create,
    /// Changed in place.
    Update,
    /// Deleted and made anew.
    Replace,
    /// Deleted.
    Delete,
    /// Exists without this stack's mark; taken over.
    Adopt,
    /// Kept in the cluster, no longer part of the stack.
    Retire,
    /// Nothing to write; only its readiness is awaited.
    Wait,
    /// Left for a later run.
    Deferred,
}

/// What an action could cost.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum Risk {
    /// Nothing.
    #[default]
    None,
    /// Something stops for a while.
    Disruption,
    /// Data could be lost. Refused unless the id is named with `--allow-data-loss`.
    Data,
}
