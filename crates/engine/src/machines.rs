//! Which machines to look at, and what for.

use std::collections::BTreeMap;

use stackctl_model::{Desired, Finding, Live, Machine, Reach, Resource, ResourceId};
use stackctl_plan::Prepared;

use crate::{Asked, PlanOptions, Targets};

/// The machines of a stack: those it declares, and those its resources are on.
pub(crate) fn declared(resources: &[Resource], options: &PlanOptions) -> BTreeMap<String, Reach> {
    if options.goal.is_about_retired() {
        return BTreeMap::new();
    }
    let mut declared = options.machines.clone();
    for resource in resources {
        if let (ResourceId::Machine(id), Desired::OnNode(asked)) = (&resource.id, &resource.desired)
        {
            declared.entry(id.node.clone()).or_insert_with(|| asked.reach.clone());
        }
    }
    declared
}

/// What is asked of each machine.
pub(crate) fn asked(
    prepared: &Prepared,
    declared: &BTreeMap<String, Reach>,
    options: &PlanOptions,
) -> BTreeMap<String, Asked> {
    let mut asked: BTreeMap<String, Asked> =
        declared.iter().map(|(node, reach)| (node.clone(), blank(reach, options))).collect();
    for resource in prepared.resources() {
        if let (ResourceId::Machine(id), Desired::OnNode(one)) = (&resource.id, &resource.desired)
            && let Some(asked) = asked.get_mut(&id.node)
        {
            asked.settings.push(one.setting.clone());
        }
    }
    asked
}

/// Looks at the machines of the last apply that the stack no longer has: what is ours there goes. Answers
/// with the machines to remember: those that are declared, and those where something of ours may be left.
pub(crate) async fn add_left(
    targets: &Targets,
    live: &mut Live,
    declared: BTreeMap<String, Reach>,
    options: &PlanOptions,
) -> BTreeMap<String, Reach> {
    let mut left = std::mem::take(&mut live.machines.reaches);
    if options.goal.is_about_retired() {
        return left;
    }
    left.retain(|node, _| !declared.contains_key(node));
    let asked = left.iter().map(|(node, reach)| (node.clone(), blank(reach, options))).collect();
    let mut remembered = declared.clone();
    live.machines.reaches = declared;
    for (node, machine) in targets.machines.look(&asked).await {
        let reach = left.get(&node).cloned().unwrap_or_default();
        if let Machine::Unreachable(why) = &machine {
            live.notes.push(Finding::note(
                "left-and-unreachable",
                format!(
                    "{node} has left the stack and cannot be reached, so what stackctl wrote there stays: {why}"
                ),
            ));
        }
        if !is_clean(&machine, &options.mark.name) {
            remembered.insert(node.clone(), reach.clone());
        }
        live.machines.reaches.insert(node.clone(), reach);
        live.machines.seen.insert(node, machine);
    }
    remembered
}

/// Whether a machine is known to have nothing of the stack.
fn is_clean(machine: &Machine, stack: &str) -> bool {
    let ours = [stackctl_plan::sysctl_file(stack), stackctl_plan::modules_file(stack)];
    machine.facts().is_some_and(|facts| !ours.iter().any(|path| facts.files.contains_key(path)))
}

fn blank(reach: &Reach, options: &PlanOptions) -> Asked {
    Asked {
        stack: options.mark.name.clone(),
        reach: reach.clone(),
        settings: Vec::new(),
        inotify: options.inotify,
    }
}
