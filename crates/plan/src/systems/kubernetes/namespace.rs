//! A namespace goes with all that is in it: what that is, and whether it may.

use std::collections::BTreeSet;

use stackctl_model::{Action, ActionKind, Held, Inhabitant, Live, Operation, ResourceId};

use super::leaving::{gone, leaving};
use crate::{Planner, StackMark};

/// Objects that a reason names before it only counts.
const NAMED: usize = 5;

/// The namespaces that a plan would delete.
pub(crate) fn going(planner: &Planner, live: &Live) -> BTreeSet<String> {
    if !live.cluster.objects.keys().any(|id| id.is_kind("", "Namespace")) {
        return BTreeSet::new();
    }
    let leaving = leaving(planner, &gone(planner, live));
    let namespaces = leaving.iter().filter(|action| goes(action));
    namespaces.filter_map(|action| Some(action.id.as_object()?.name.clone())).collect()
}

fn goes(action: &Action) -> bool {
    action.id.is_kind("", "Namespace") && action.kind() == ActionKind::Delete
}

/// Holds back each namespace with anything in it that the plan does not delete by itself.
pub(crate) fn hold_namespaces(leaving: &mut [Action], mark: &StackMark, live: &Live) {
    let mark = mark.value();
    for (namespace, inhabitants) in &live.cluster.inhabitants {
        hold_namespace(leaving, namespace, &mark, inhabitants);
    }
}

/// Says what goes with a namespace; refuses that when there is anything in it that the plan does not
/// delete by itself, be it other people's or data that was not named.
fn hold_namespace(actions: &mut [Action], namespace: &str, mark: &str, inhabitants: &[Inhabitant]) {
    let ids = |kind| {
        let actions = actions.iter().filter(move |action| action.kind() == kind);
        actions.map(|action| action.id.clone()).collect::<BTreeSet<ResourceId>>()
    };
    let (deleted, kept) = (ids(ActionKind::Delete), ids(ActionKind::Retire));
    let is_ours = |one: &&Inhabitant| one.mark.as_deref() == Some(mark);
    let in_the_way: Vec<String> = inhabitants
        .iter()
        .filter(|one| !deleted.contains(&one.id) && (!is_ours(one) || kept.contains(&one.id)))
        .map(|one| one.id.to_string())
        .collect();
    let going = inhabitants.len() - in_the_way.len();
    let wanted = |action: &&mut Action| {
        goes(action) && action.id.as_object().is_some_and(|id| id.name == namespace)
    };
    let Some(action) = actions.iter_mut().find(wanted) else { return };
    action.effects.push(format!("deleted with all that is in it: {going} objects of this stack"));
    if !in_the_way.is_empty() {
        let why = format!(
            "in it are {}, which this plan does not delete; delete or move them first",
            listed(&in_the_way)
        );
        action.operation = Operation::Held(Held::Refused { intended: ActionKind::Delete, why });
    }
}

fn listed(ids: &[String]) -> String {
    let named = ids.get(..NAMED.min(ids.len())).unwrap_or_default().join(", ");
    match ids.len().saturating_sub(NAMED) {
        0 => named,
        more => format!("{named} and {more} more"),
    }
}
