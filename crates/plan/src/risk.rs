//! Which actions could cost data, and whether that was allowed by name.

use stackctl_model::{ActionKind, IdPattern, Plan, ResourceId, Risk};

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

/// How much of what the stack owns a plan takes away, when that is most of it: likely a mistake, such as
/// an emptied file.
pub fn mass_removal(plan: &Plan) -> Option<(usize, usize)> {
    let goes = |kind| matches!(kind, ActionKind::Delete | ActionKind::Retire);
    let gone = plan.actions.iter().filter(|action| goes(action.action)).count();
    (2 * gone > plan.owned).then_some((gone, plan.owned))
}
