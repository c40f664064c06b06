//! What is asked of nodes whose systems stackctl does not write to.

use stackctl_model::{Desired, NodeSetting, OperatingSystem, Resource, closest};

use crate::args::RenderNodesArgs;
use crate::error::Error;
use crate::exit::Exit;
use crate::stack::{self, Sound};
use crate::terminal::Terminal;

/// What is asked of one node.
pub(super) struct Wanted<'a> {
    pub(super) stack: &'a str,
    pub(super) node: &'a str,
    pub(super) settings: Vec<&'a NodeSetting>,
}

/// Prints what the named nodes are asked for; without names, all that run this system.
pub(super) fn run(
    args: &RenderNodesArgs,
    system: OperatingSystem,
    text: fn(&Wanted<'_>) -> String,
    terminal: &mut Terminal,
) -> Result<Exit, Error> {
    let sound = stack::sound(&args.stack, terminal)?;
    let names = chosen(&sound, args, system)?;
    if names.is_empty() {
        let word = system.name();
        terminal.note(&format!(
            "no node says system={}: name those that run {word}",
            word.to_lowercase()
        ));
    }
    let texts = names.iter().map(|node| {
        let settings = settings(&sound.resources, node);
        text(&Wanted { stack: &sound.stack.name.value, node, settings })
    });
    terminal.out(&texts.collect::<Vec<_>>().join("---\n"));
    Ok(Exit::Success)
}

fn chosen(
    sound: &Sound,
    args: &RenderNodesArgs,
    system: OperatingSystem,
) -> Result<Vec<String>, Error> {
    let nodes = || sound.stack.nodes.iter();
    if args.nodes.is_empty() {
        let such = nodes().filter(|node| node.reach.system == Some(system));
        return Ok(such.map(|node| node.name.value.clone()).collect());
    }
    for name in &args.nodes {
        if !nodes().any(|node| node.name.value == *name) {
            let near = closest(name, nodes().map(|node| node.name.value.as_str()));
            return Err(Error::Failed {
                message: format!("the stack has no node {name}"),
                hint: near.map(|near| format!("did you mean {near}?")),
            });
        }
    }
    Ok(args.nodes.clone())
}

fn settings<'a>(resources: &'a [Resource], node: &str) -> Vec<&'a NodeSetting> {
    let of_node =
        resources.iter().filter(|one| one.id.as_machine().is_some_and(|id| id.node == node));
    of_node
        .filter_map(|one| match &one.desired {
            Desired::OnNode(asked) => Some(&asked.setting),
            Desired::Object(_) | Desired::Setting(_) => None,
        })
        .collect()
}
