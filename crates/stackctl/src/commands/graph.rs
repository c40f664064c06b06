//! `stackctl graph`

use stackctl_view::{GraphNode, graph_dot, graph_json, graph_mermaid};

use crate::args::{GraphArgs, GraphFormat};
use crate::error::Error;
use crate::exit::Exit;
use crate::stack;
use crate::terminal::Terminal;

pub(crate) fn run(args: &GraphArgs, terminal: &mut Terminal) -> Result<Exit, Error> {
    let sound = stack::sound(&args.stack, terminal)?;
    let nodes: Vec<_> = sound
        .resources
        .into_iter()
        .map(|resource| GraphNode {
            id: resource.id,
            app: resource.app,
            after: resource.after,
            action: None,
        })
        .collect();
    terminal.out(&match args.format {
        GraphFormat::Mermaid => graph_mermaid(&nodes),
        GraphFormat::Dot => graph_dot(&nodes),
        GraphFormat::Json => graph_json(&nodes),
    });
    Ok(Exit::Success)
}
