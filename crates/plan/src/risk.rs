//! Which actions could cost data, and whether that was allowed by name.

use stackctl_model::{IdPattern, Plan, ResourceId, Risk};

/// Actions that could cost data and that no pattern names: an apply of this plan is refused.
pub fn refusals(plan: &Plan, allow: &[IdPattern]) -> Vec<ResourceId> {
    plan.actions
        .iter()
        .filter(|action| action.risk == Risk::Data)
        .filter(|action| {
            !allow.iter().any(|pattern| pattern.matches(&action.id, action.app.as_deref()))
        })
        .map(|action| action.id.clone())
        .collect()
}
