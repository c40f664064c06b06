//! What stackctl once wrote to machines and is no longer asked for.

use stackctl_model::{
    Action, Facts, FileLine, Live, Machine, MachineWrite, NodeWrite, Reach, ResourceId,
    SettingChange, SettingName,
};

use super::file;
use super::question::reach;
use super::verdict::{change, operation};
use crate::{Planner, action};

/// A line that stackctl wrote on a machine, and what takes it out.
pub(crate) struct Written<'l> {
    id: ResourceId,
    line: FileLine,
    reach: Reach,
    facts: &'l Facts,
}

/// The lines of our files that nobody asks for.
pub(crate) fn gone<'l>(planner: &Planner, live: &'l Live) -> Vec<Written<'l>> {
    if planner.scope.goal.is_about_retired() {
        return Vec::new();
    }
    let mut gone = Vec::new();
    for (node, machine) in &live.machines.seen {
        let Machine::Seen(facts) = machine else { continue };
        let reach = reach(planner, live, node);
        for (name, line) in written(&planner.mark.name, facts) {
            let id = ResourceId::machine(node, name);
            gone.push(Written { id, line, reach: reach.clone(), facts });
        }
    }
    gone.retain(|one| planner.is_gone(&one.id, None));
    gone
}

/// Takes each out of its file.
pub(crate) fn leaving(planner: &Planner, gone: &[Written<'_>]) -> Vec<Action> {
    gone.iter().map(|written| leave(planner, written)).collect()
}

/// Every line of our files, with what it sets.
fn written(stack: &str, facts: &Facts) -> Vec<(SettingName, FileLine)> {
    let sysctls = lines(facts, &file::sysctl_file(stack));
    let sysctls = sysctls.into_iter().map(|line| (SettingName::Sysctl(line.key.clone()), line));
    let modules = lines(facts, &file::modules_file(stack));
    let modules =
        modules.into_iter().map(|line| (SettingName::KernelModule(line.key.clone()), line));
    sysctls.chain(modules).collect()
}

/// What takes each line out of one of our files.
fn lines(facts: &Facts, path: &str) -> Vec<FileLine> {
    let text = facts.files.get(path).map(String::as_str).unwrap_or_default();
    let keys = file::lines(text).into_keys();
    keys.map(|key| FileLine { path: path.to_owned(), key, text: None }).collect()
}

fn leave(planner: &Planner, written: &Written<'_>) -> Action {
    let Written { id, line, reach, facts } = written;
    let text = facts.files.get(&line.path).map(String::as_str).unwrap_or_default();
    let own = file::lines(text).remove(&line.key).unwrap_or_default();
    let effect = match facts.sysctls.get(&line.key) {
        Some(value) => format!("The running value, {value}, stays until the machine restarts."),
        None => "What is running stays as it is until the machine restarts.".to_owned(),
    };
    let write = MachineWrite {
        comes_to: SettingChange::Removed,
        reach: reach.clone(),
        write: NodeWrite { step: None, line: Some(line.clone()) },
    };
    let reason = planner.scope.goal.why_gone().to_owned();
    let mut action = action::unasked(id, operation(write, facts), reason);
    action.changes = vec![change(&line.path, Some(&own), None)];
    action.effects.push(effect);
    action
}
