//! What depends on what, as Mermaid, DOT and JSON.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use serde_json::json;
use stackctl_model::{ActionKind, ResourceId};

/// One node of a graph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GraphNode {
    /// The resource.
    pub id: ResourceId,
    /// The app it belongs to.
    pub app: Option<String>,
    /// What it needs.
    pub after: BTreeSet<ResourceId>,
    /// What a plan does to it.
    pub action: Option<ActionKind>,
}

fn places(nodes: &[GraphNode]) -> BTreeMap<&ResourceId, usize> {
    nodes.iter().enumerate().map(|(place, node)| (&node.id, place)).collect()
}

fn label(node: &GraphNode) -> String {
    node.id.to_string().replace('"', "'").replace(['<', '>'], " ")
}

/// Mermaid, as GitHub shows it.
pub fn graph_mermaid(nodes: &[GraphNode]) -> String {
    let places = places(nodes);
    let mut text = "graph LR\n".to_owned();
    for (place, node) in nodes.iter().enumerate() {
        let _ = writeln!(text, "  n{place}[\"{}\"]", label(node));
        for need in node.after.iter().filter_map(|id| places.get(id)) {
            let _ = writeln!(text, "  n{need} --> n{place}");
        }
    }
    text
}

/// DOT, for Graphviz.
pub fn graph_dot(nodes: &[GraphNode]) -> String {
    let places = places(nodes);
    let mut text = "digraph stack {\n  rankdir=LR;\n  node [shape=box];\n".to_owned();
    for (place, node) in nodes.iter().enumerate() {
        let _ = writeln!(text, "  n{place} [label=\"{}\"];", label(node).replace('\\', "\\\\"));
        for need in node.after.iter().filter_map(|id| places.get(id)) {
            let _ = writeln!(text, "  n{need} -> n{place};");
        }
    }
    text.push_str("}\n");
    text
}

/// JSON: ids, apps, needs.
pub fn graph_json(nodes: &[GraphNode]) -> String {
    let nodes: Vec<_> = nodes
        .iter()
        .map(|node| json!({"id": node.id, "app": node.app, "after": node.after, "action": node.action}))
        .collect();
    let mut text =
        serde_json::to_string_pretty(&json!({"format": "stackctl.graph/1", "nodes": nodes}))
            .expect("a graph is plain data");
    text.push('\n');
    text
}
