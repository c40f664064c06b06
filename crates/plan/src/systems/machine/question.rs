//! Which machines are looked at, and what for: those of the stack at once, those that have left it as soon
//! as the stack's record says which they are.

use std::collections::BTreeMap;

use stackctl_model::{Desired, Finding, Live, LiveMachines, Machine, MachineQuestion, Reach};

use super::file::{modules_file, sysctl_file};
use super::settings::settings_of;
use crate::Planner;

/// What has to be asked of machines next.
pub(crate) fn question(
    planner: &Planner,
    live: &Live,
) -> Option<BTreeMap<String, MachineQuestion>> {
    if planner.scope.goal.is_about_retired() {
        return None;
    }
    let known = planner.machines.iter().chain(left(planner, live));
    let open = known.filter(|(node, _)| !live.machines.seen.contains_key(*node));
    let asked: BTreeMap<_, _> =
        open.map(|(node, reach)| (node.clone(), asked(planner, node, reach))).collect();
    (!asked.is_empty()).then_some(asked)
}

fn asked(planner: &Planner, node: &str, reach: &Reach) -> MachineQuestion {
    let setting = |desired: &Desired| match desired {
        Desired::OnNode(asked) => Some(asked.setting.clone()),
        Desired::Object(_) | Desired::Setting(_) => None,
    };
    MachineQuestion {
        stack: planner.mark.name.clone(),
        reach: reach.clone(),
        settings: settings_of(planner, node).filter_map(|one| setting(&one.desired)).collect(),
        inotify: planner.diagnoses,
    }
}

/// The machines of the last apply that the stack no longer has: what is ours there goes.
fn left<'a>(planner: &'a Planner, live: &'a Live) -> impl Iterator<Item = (&'a String, &'a Reach)> {
    let recorded = live.record.iter().flat_map(|record| &record.machines);
    recorded.filter(|(node, _)| !planner.machines.contains_key(*node))
}

/// Adds what was seen to what is known.
pub(crate) fn learn(
    live: &mut LiveMachines,
    asked: &BTreeMap<String, MachineQuestion>,
    mut seen: BTreeMap<String, Machine>,
) {
    for node in asked.keys() {
        let machine = seen.remove(node).unwrap_or(Machine::Unasked);
        live.seen.insert(node.clone(), machine);
    }
}

/// How a machine is reached; one that has left the stack, how it was.
pub(crate) fn reach(planner: &Planner, live: &Live, node: &str) -> Reach {
    let recorded = || live.record.as_ref()?.machines.get(node);
    planner.machines.get(node).or_else(recorded).cloned().unwrap_or_default()
}

/// The machines to remember: those of the stack, and those where something of it may be left.
pub(crate) fn to_remember(planner: &Planner, live: &Live) -> BTreeMap<String, Reach> {
    if planner.scope.goal.is_about_retired() {
        return live.record.as_ref().map(|record| record.machines.clone()).unwrap_or_default();
    }
    let is_clean = |node: &String| {
        live.machines.seen.get(node).is_some_and(|machine| is_clean(machine, &planner.mark.name))
    };
    let kept = left(planner, live).filter(|(node, _)| !is_clean(node));
    planner.machines.iter().chain(kept).map(|(node, reach)| (node.clone(), reach.clone())).collect()
}

/// Whether a machine is known to have nothing of the stack.
fn is_clean(machine: &Machine, stack: &str) -> bool {
    let ours = [sysctl_file(stack), modules_file(stack)];
    machine.facts().is_some_and(|facts| !ours.iter().any(|path| facts.files.contains_key(path)))
}

/// What cannot be cleaned is said.
pub(crate) fn notes(planner: &Planner, live: &Live) -> Vec<Finding> {
    if planner.scope.goal.is_about_retired() {
        return Vec::new();
    }
    let note = |(node, _): (&String, &Reach)| {
        let Some(Machine::Unreachable(why)) = live.machines.seen.get(node) else { return None };
        Some(Finding::note(
            "left-and-unreachable",
            format!(
                "{node} has left the stack and cannot be reached, so what stackctl wrote there stays: {why}"
            ),
        ))
    };
    left(planner, live).filter_map(note).collect()
}
