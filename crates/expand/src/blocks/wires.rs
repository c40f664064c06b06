//! Who talks to whom: the lines of apps that name other apps, addresses or hosts.

use std::net::IpAddr;

use serde_json::Value;
use stackctl_lang::Block;
use stackctl_model::{Finding, Spanned, closest};

use super::apps::port;
use super::made::Made;
use crate::ExpandedApp;

/// Lines that name apps, and whether these talk back.
const WORDS: [(&str, Direction); 4] = [
    ("download", Direction::There),
    // Prowlarr pushes its indexers to an app, and the app searches through Prowlarr.
    ("indexes", Direction::Both),
    ("subtitles", Direction::There),
    ("reach", Direction::There),
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Direction {
    There,
    Both,
}

/// One app may open connections to the ports of another.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Wire {
    pub(super) from: String,
    pub(super) to: String,
    pub(super) ports: Vec<u16>,
}

/// A place outside the stack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Outside {
    /// A network, without some parts of it.
    Network { cidr: String, except: Vec<String> },
    /// A host name, perhaps with `*.`.
    Host(String),
}

/// A place outside the stack that an app may reach.
pub(super) struct Reach {
    pub(super) app: String,
    pub(super) outside: Outside,
    /// All of them when empty.
    pub(super) ports: Vec<u16>,
}

/// All that apps say of whom they talk to.
#[derive(Default)]
pub(super) struct Wires {
    pub(super) inside: Vec<Wire>,
    pub(super) outside: Vec<Reach>,
}

/// Reads the lines of all apps.
pub(super) fn read(made: &mut Made<'_>) -> Wires {
    let mut wires = Wires::default();
    for app in made.apps {
        for (word, direction) in WORDS {
            for block in app.said(word) {
                for arg in &block.args {
                    let Some(name) = arg.value.as_text() else { continue };
                    let place = Spanned::new(name, arg.span);
                    if let Some(target) = target(made.apps, name, word) {
                        wires.connect(app, target, direction);
                    } else if word == "reach" {
                        wires.leave(app, block, &place, made.findings, made.apps);
                    }
                }
            }
        }
    }
    wires.inside.sort();
    wires.inside.dedup();
    wires
}

/// An app and the ports that are meant.
struct Target<'a> {
    app: &'a ExpandedApp,
    ports: Vec<u16>,
}

/// The app, or the app beside whose container it stands.
fn target<'a>(apps: &'a [ExpandedApp], name: &str, word: &str) -> Option<Target<'a>> {
    if let Some(app) = apps.iter().find(|app| app.name == name) {
        let mut ports: Vec<u16> = app.port().into_iter().collect();
        if word == "reach" {
            ports.extend(listening(app).filter_map(|one| port(one.get("port")?)));
        }
        return Some(Target { app, ports });
    }
    apps.iter().find_map(|app| {
        let containers = app.value("container").as_array()?;
        let container = containers.iter().find(|one| one["name"] == name)?;
        let ports = match &container["port"] {
            Value::Array(ports) => ports.iter().filter_map(port).collect(),
            one => port(one).into_iter().collect(),
        };
        Some(Target { app, ports })
    })
}

/// The ports an app listens on beside its main one.
pub(super) fn listening(app: &ExpandedApp) -> impl Iterator<Item = &Value> {
    app.value("listen").as_array().into_iter().flatten()
}

impl Wires {
    fn connect(&mut self, app: &ExpandedApp, target: Target<'_>, direction: Direction) {
        if target.app.name == app.name {
            return;
        }
        let back = Wire {
            from: target.app.name.clone(),
            to: app.name.clone(),
            ports: app.port().into_iter().collect(),
        };
        let there =
            Wire { from: app.name.clone(), to: target.app.name.clone(), ports: target.ports };
        self.inside.push(there);
        if direction == Direction::Both {
            self.inside.push(back);
        }
    }

    fn leave(
        &mut self,
        app: &ExpandedApp,
        block: &Block,
        place: &Spanned<&str>,
        findings: &mut Vec<Finding>,
        apps: &[ExpandedApp],
    ) {
        let outside = match place.value {
            network if network.contains('/') => {
                Outside::Network { cidr: network.to_owned(), except: texts(block, "except") }
            }
            address if address.parse::<IpAddr>().is_ok() => {
                let length = if address.contains(':') { 128 } else { 32 };
                Outside::Network { cidr: format!("{address}/{length}"), except: Vec::new() }
            }
            host if host.contains('.') => Outside::Host(host.to_owned()),
            name => {
                if !findings.iter().any(|finding| finding.span() == Some(place.span)) {
                    findings.push(nobody(app, name, place.span, apps));
                }
                return;
            }
        };
        let ports = numbers(block, "port");
        self.outside.push(Reach { app: app.name.clone(), outside, ports });
    }
}

/// The texts of a property, and of the children with its name.
fn texts(block: &Block, word: &str) -> Vec<String> {
    let said = block.prop(word).into_iter();
    let more = block.children_named(word).flat_map(|child| &child.args);
    said.chain(more).filter_map(|value| value.value.as_text()).map(str::to_owned).collect()
}

fn numbers(block: &Block, word: &str) -> Vec<u16> {
    let said = block.prop(word).into_iter();
    let more = block.children_named(word).flat_map(|child| &child.args);
    let number = |value: &stackctl_lang::Value| match value {
        stackctl_lang::Value::Integer(number) => u16::try_from(*number).ok(),
        _ => None,
    };
    said.chain(more).filter_map(|value| number(&value.value)).collect()
}

fn nobody(
    app: &ExpandedApp,
    name: &str,
    span: stackctl_model::Span,
    apps: &[ExpandedApp],
) -> Finding {
    let message = format!("app {} reaches for {name}, which is no app of this stack", app.name);
    let finding = Finding::error("unknown-app", message, span);
    match closest(name, apps.iter().map(|app| app.name.as_str())) {
        Some(near) => finding.help(format!("Did you mean {near}?")).fix(span, near),
        None => finding.help(
            "Name an app, a network such as \"10.0.0.0/8\", or a host such as \"api.example.com\".",
        ),
    }
}
