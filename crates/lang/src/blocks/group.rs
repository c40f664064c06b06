//! `group arr { cpu "500m..1"; app sonarr; }`: its lines hold for each app in it.

use stackctl_model::Finding;

use super::app::{self, App, Layer, LayerKind, add_containers};
use super::lines::{name_of, shape};
use super::top_level::TopLevel;
use crate::declare::{Knob, Shape, Type};
use crate::names::Names;
use crate::value::Block;

const WORD: &str = "group";

pub(crate) const BLOCK: TopLevel = TopLevel {
    // The name is for messages only: two groups may have the same.
    is_named: false,
    more_names: add_apps,
    check,
    ..TopLevel::named(WORD, "Apps that share lines; what an app itself says wins", words)
};

fn words() -> Shape {
    let mut group = shape([Knob::new("name", Type::Name, "Its name, for messages").required()], []);
    group.children = vec![app::BLOCK.declaration()];
    group.open_children = true;
    group
}

fn add_apps(block: &Block, names: &mut Names) {
    add_containers(&block.children, names);
    for child in block.children_named(app::BLOCK.word) {
        names.add_own(app::BLOCK.word, &name_of(child));
        add_containers(&child.children, names);
    }
}

fn check(block: &Block) -> Vec<Finding> {
    let nested = |inner: &Block| {
        Finding::error("nested-group", "a group stands in no other group", inner.name.span)
            .also(block.name.span, "the outer one")
            .help("Put its apps into the outer group, or it beside that one.")
    };
    let mut findings: Vec<_> = block.children_named(WORD).map(nested).collect();
    if block.children_named(app::BLOCK.word).next().is_none() {
        let finding = Finding::warning("empty-group", "this group has no app", block.name.span);
        findings.push(finding.help("Put `app` lines into it."));
    }
    findings
}

/// Reads its apps, with its lines under those of each.
pub(crate) fn read(block: &Block) -> Vec<App> {
    let is_line = |child: &&Block| ![WORD, app::BLOCK.word].contains(&child.name.value.as_str());
    let lines: Vec<Block> = block.children.iter().filter(is_line).cloned().collect();
    let kind = LayerKind::Group(name_of(block).value);
    let mut apps: Vec<App> = block.children_named(app::BLOCK.word).filter_map(app::read).collect();
    for app in &mut apps {
        app.layers.insert(0, Layer { kind: kind.clone(), blocks: lines.clone() });
    }
    apps
}
