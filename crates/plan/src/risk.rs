//! Which actions could cost data, and whether that was allowed by name.

use stackctl_model::{ActionKind, Consent, Cost, Plan, ResourceId};

/// Actions that could cost data that nobody named: an apply of this plan is refused.
pub fn refusals(plan: &Plan) -> Vec<ResourceId> {
    let refused = plan.actions.iter().filter(|one| one.cost == Cost::Data(Consent::Missing));
    refused.map(|action| action.id.clone()).collect()
}

/// How much of what the stack owns a plan takes away, when that is most of it: likely a mistake, such as
/// an emptied file.
pub fn mass_removal(plan: &Plan) -> Option<(usize, usize)> {
    let goes = |kind| matches!(kind, ActionKind::Delete | ActionKind::Retire);
    let gone = plan
        .actions
        .iter()
        .filter(|action| goes(action.kind()) && action.id.as_object().is_some())
        .count();
    (2 * gone > plan.owned).then_some((gone, plan.owned))
}
