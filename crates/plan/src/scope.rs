//! What a plan is for, to what it is limited, and what may be lost by it.

use serde::{Deserialize, Serialize};
use stackctl_model::{IdPattern, ResourceId};

use crate::Goal;

/// What a plan was asked to do, and to what.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PlanScope {
    /// Apply or destroy.
    pub goal: Goal,
    /// Only these and what they need; empty for all.
    pub only: Vec<IdPattern>,
    /// All but these and what needs them.
    pub except: Vec<IdPattern>,
    /// Data that may be lost, by name.
    pub allow_data_loss: Vec<IdPattern>,
    /// Whether most of what the stack owns may go.
    pub allow_mass_removal: bool,
}

impl PlanScope {
    /// All of a goal.
    pub fn all_of(goal: Goal) -> Self {
        Self {
            goal,
            only: Vec::new(),
            except: Vec::new(),
            allow_data_loss: Vec::new(),
            allow_mass_removal: false,
        }
    }

    /// Whether a resource's data may be lost.
    pub(crate) fn may_lose(&self, id: &ResourceId, app: Option<&str>) -> bool {
        self.allow_data_loss.iter().any(|pattern| pattern.matches(id, app))
    }

    /// Whether what is in no file is among what is to be changed.
    pub(crate) fn is_meant(&self, id: &ResourceId, app: Option<&str>) -> bool {
        let any = |patterns: &[IdPattern]| patterns.iter().any(|pattern| pattern.matches(id, app));
        (self.only.is_empty() || any(&self.only)) && !any(&self.except)
    }
}
