//! What stackctl once wrote to machines and is no longer asked for.

use stackctl_model::{
    Action, Facts, FileLine, Live, Machine, MachineWrite, NodeWrite, Reach, ResourceId,
    SettingChange, SettingName,
};

use super::file;
use super::question::reach;
use super::verdict::{change, operation};
use crate::action;
use crate::{Goal, Prepared};

/// Takes the lines of our files that nobody asks for out of them.
pub(crate) fn actions(prepared: &Prepared, live: &Live) -> Vec<Action> {
    let mut actions = Vec::new();
    if prepared.goal.is_about_retired() {
        return actions;
    }
    for (node, machine) in &live.machines.seen {
        let Machine::Seen(facts) = machine else { continue };
        let reach = reach(prepared, live, node);
        for (id, line) in written(&prepared.mark.name, node, facts) {
            let is_gone = prepared.goal == Goal::Destroy || !prepared.resources.contains_key(&id);
            if is_gone && prepared.is_meant(&id, None) {
                actions.push(leave(prepared, &id, line, (&reach, facts)));
            }
        }
    }
    actions
}

/// Every line of our files, with its id and what takes it out.
fn written(stack: &str, node: &str, facts: &Facts) -> Vec<(ResourceId, FileLine)> {
    let sysctls = lines(facts, &file::sysctl_file(stack));
    let sysctls = sysctls.into_iter().map(|line| (SettingName::Sysctl(line.key.clone()), line));
    let modules = lines(facts, &file::modules_file(stack));
    let modules =
        modules.into_iter().map(|line| (SettingName::KernelModule(line.key.clone()), line));
    sysctls.chain(modules).map(|(name, line)| (ResourceId::machine(node, name), line)).collect()
}

/// What takes each line out of one of our files.
fn lines(facts: &Facts, path: &str) -> Vec<FileLine> {
    let text = facts.files.get(path).map(String::as_str).unwrap_or_default();
    let keys = file::lines(text).into_keys();
    keys.map(|key| FileLine { path: path.to_owned(), key, text: None }).collect()
}

fn leave(
    prepared: &Prepared,
    id: &ResourceId,
    line: FileLine,
    (reach, facts): (&Reach, &Facts),
) -> Action {
    let text = facts.files.get(&line.path).map(String::as_str).unwrap_or_default();
    let own = file::lines(text).remove(&line.key).unwrap_or_default();
    let changes = vec![change(&line.path, Some(&own), None)];
    let effect = match facts.sysctls.get(&line.key) {
        Some(value) => format!("The running value, {value}, stays until the machine restarts."),
        None => "What is running stays as it is until the machine restarts.".to_owned(),
    };
    let write = MachineWrite {
        comes_to: SettingChange::Removed,
        reach: reach.clone(),
        write: NodeWrite { step: None, line: Some(line) },
    };
    let reason = prepared.goal.why_gone().to_owned();
    let mut action = action::unasked(id, operation(write, facts), reason);
    action.changes = changes;
    action.effects.push(effect);
    action
}
