//! What stackctl once wrote to machines and is no longer asked for.

use stackctl_model::{Action, Facts, FileLine, Live, Machine, NodeWrite, Reach, ResourceId};

use super::file;
use crate::systems::kubernetes::prune::{blank_of, is_meant, why_gone};
use crate::{Goal, Prepared};

/// Takes the lines of our files that nobody asks for out of them.
pub(crate) fn actions(prepared: &Prepared, live: &Live) -> Vec<Action> {
    let mut actions = Vec::new();
    for (node, machine) in &live.machines {
        let Machine::Seen(facts) = machine else { continue };
        let reach = live.reaches.get(node).cloned().unwrap_or_default();
        for (id, line) in written(&prepared.mark.name, node, facts) {
            let is_gone = prepared.goal == Goal::Destroy || !prepared.resources.contains_key(&id);
            if is_gone && is_meant(prepared, &id, None) {
                actions.push(action(prepared, &id, line, (&reach, facts)));
            }
        }
    }
    actions
}

/// Every line of our files, with its id and what takes it out.
fn written(stack: &str, node: &str, facts: &Facts) -> Vec<(ResourceId, FileLine)> {
    let files =
        [(file::sysctl_file(stack), "sysctl"), (file::modules_file(stack), "kernel-module")];
    let mut written = Vec::new();
    for (path, kind) in files {
        let Some(text) = facts.files.get(&path) else { continue };
        for key in file::lines(text).into_keys() {
            let setting = format!("{kind}/{key}");
            let id = ResourceId::Node { node: node.to_owned(), setting };
            written.push((id, FileLine { path: path.clone(), key, text: None }));
        }
    }
    written
}

fn action(
    prepared: &Prepared,
    id: &ResourceId,
    line: FileLine,
    (reach, facts): (&Reach, &Facts),
) -> Action {
    let mut action = blank_of(id);
    why_gone(prepared.goal).clone_into(&mut action.reason);
    let text = facts.files.get(&line.path).map(String::as_str).unwrap_or_default();
    let own = file::lines(text).remove(&line.key).unwrap_or_default();
    action.changes = vec![super::change(&line.path, Some(&own), None)];
    action.effects.push(match facts.sysctls.get(&line.key) {
        Some(value) => format!("The running value, {value}, stays until the machine restarts."),
        None => "What is running stays as it is until the machine restarts.".to_owned(),
    });
    super::write(&mut action, reach, NodeWrite { step: None, line: Some(line) }, facts);
    action
}
