//! What is no longer as it was when a plan was saved.

use serde::Serialize;

use crate::{ChangeValue, ResourceId};

/// One field, or a whole resource, that moved after a plan was made.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Moved {
    /// The resource.
    pub id: ResourceId,
    /// Which field, as it is printed; empty for the resource as a whole.
    pub path: String,
    /// What it was when the plan was made.
    pub at_plan: ChangeValue,
    /// What it is now.
    pub now: ChangeValue,
    /// What the plan makes of it.
    pub planned: ChangeValue,
}
