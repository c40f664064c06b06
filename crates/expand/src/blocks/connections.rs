//! Who talks to whom: the lines of apps that name other apps, addresses or hosts.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use serde_json::Value;
use stackctl_lang::{Block, Value as Written, Wire};
use stackctl_model::{Finding, Span, Spanned, closest};

use super::builder::StackBuilder;
use crate::expanded_app::{ExpandedApp, port};

/// The word for whatever has no word of its own.
const REACH: &str = "reach";

/// An app that may open connections to the ports of another, or that the other may open them to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Connection {
    /// The other end.
    pub(super) other: String,
    /// The ports of whichever end is connected to.
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
    pub(super) outside: Outside,
    /// All of them when empty.
    pub(super) ports: Vec<u16>,
}

/// All that apps say of whom they talk to, by app.
#[derive(Default)]
pub(super) struct Connections {
    /// To whom an app connects.
    pub(super) to: BTreeMap<String, BTreeSet<Connection>>,
    /// Who connects to an app.
    pub(super) from: BTreeMap<String, BTreeSet<Connection>>,
    /// Where else an app goes, in the order of the file.
    pub(super) outside: BTreeMap<String, Vec<Reach>>,
}

/// Reads the lines of all apps.
pub(super) fn read(builder: &mut StackBuilder<'_>) -> Connections {
    let containers = containers(builder.apps);
    let mut reader = ConnectionReader { builder, containers, connections: Connections::default() };
    for app in reader.builder.apps {
        for reference in &app.effects.references {
            if let Some(target) = reader.target(&reference.name.value) {
                reader.connections.connect(app, &target, reference.wire);
            }
        }
        for block in app.said(REACH) {
            for arg in &block.args {
                reader.reach(app, block, arg);
            }
        }
    }
    reader.connections
}

struct ConnectionReader<'a, 'b> {
    builder: &'b mut StackBuilder<'a>,
    containers: BTreeMap<&'a str, Container<'a>>,
    connections: Connections,
}

/// An app and the ports that are meant.
struct Target<'a> {
    app: &'a ExpandedApp,
    ports: Vec<u16>,
}

/// A container that stands beside an app's own.
struct Container<'a> {
    app: &'a ExpandedApp,
    said: &'a Value,
}

fn containers(apps: &[ExpandedApp]) -> BTreeMap<&str, Container<'_>> {
    let mut all = BTreeMap::new();
    for app in apps {
        for said in app.value("container").as_array().into_iter().flatten() {
            if let Some(name) = said["name"].as_str() {
                all.entry(name).or_insert(Container { app, said });
            }
        }
    }
    all
}

impl<'a> ConnectionReader<'a, '_> {
    /// One place that an app reaches for: an app, or somewhere outside.
    fn reach(&mut self, app: &'a ExpandedApp, block: &Block, arg: &Spanned<Written>) {
        let Some(name) = arg.value.as_text() else { return };
        if let Some(target) = self.target_with_all_ports(name) {
            self.connections.connect(app, &target, Wire::To);
        } else if let Some(outside) = outside(name, block) {
            let reach = Reach { outside, ports: numbers(block, "port") };
            self.connections.outside.entry(app.name.clone()).or_default().push(reach);
        } else if !self.builder.findings.iter().any(|finding| finding.span() == Some(arg.span)) {
            let finding = nobody(app, name, arg.span, self.builder.apps);
            self.builder.findings.push(finding);
        }
    }

    /// The app at its main port, or the app beside whose container it stands at the container's.
    fn target(&self, name: &str) -> Option<Target<'a>> {
        if let Some(app) = self.builder.app(name) {
            return Some(Target { app, ports: app.port().into_iter().collect() });
        }
        let Container { app, said } = self.containers.get(name)?;
        let ports = match &said["port"] {
            Value::Array(ports) => ports.iter().filter_map(port).collect(),
            one => port(one).into_iter().collect(),
        };
        Some(Target { app, ports })
    }

    /// The same at every port that an app listens on.
    fn target_with_all_ports(&self, name: &str) -> Option<Target<'a>> {
        let mut target = self.target(name)?;
        if target.app.name == name {
            let more = listening(target.app).filter_map(|one| port(one.get("port")?));
            target.ports.extend(more);
        }
        Some(target)
    }
}

/// The ports an app listens on beside its main one.
pub(super) fn listening(app: &ExpandedApp) -> impl Iterator<Item = &Value> {
    app.value("listen").as_array().into_iter().flatten()
}

impl Connections {
    fn connect(&mut self, app: &ExpandedApp, target: &Target<'_>, wire: Wire) {
        if target.app.name == app.name {
            return;
        }
        let own = || app.port().into_iter().collect();
        match wire {
            Wire::To => self.add(&app.name, &target.app.name, target.ports.clone()),
            Wire::From => self.add(&target.app.name, &app.name, own()),
            Wire::Both => {
                self.add(&app.name, &target.app.name, target.ports.clone());
                self.add(&target.app.name, &app.name, own());
            }
            Wire::None => {}
        }
    }

    fn add(&mut self, from: &str, to: &str, ports: Vec<u16>) {
        // Without a port there is nothing to connect to, and a rule without one would open all.
        if ports.is_empty() {
            return;
        }
        let there = Connection { other: to.to_owned(), ports: ports.clone() };
        let here = Connection { other: from.to_owned(), ports };
        self.to.entry(from.to_owned()).or_default().insert(there);
        self.from.entry(to.to_owned()).or_default().insert(here);
    }
}

/// A network, an address or a host; a plain word is none of them.
fn outside(place: &str, block: &Block) -> Option<Outside> {
    let except = texts(block, "except");
    if place.contains('/') {
        return Some(Outside::Network { cidr: place.to_owned(), except });
    }
    if place.parse::<IpAddr>().is_ok() {
        let length = if place.contains(':') { 128 } else { 32 };
        return Some(Outside::Network { cidr: format!("{place}/{length}"), except });
    }
    place.contains('.').then(|| Outside::Host(place.to_owned()))
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
    let number = |value: &Written| match value {
        Written::Integer(number) => u16::try_from(*number).ok(),
        _ => None,
    };
    said.chain(more).filter_map(|value| number(&value.value)).collect()
}

fn nobody(app: &ExpandedApp, name: &str, span: Span, apps: &[ExpandedApp]) -> Finding {
    let message = format!("app {} reaches for {name}, which is no app of this stack", app.name);
    let finding = Finding::error("unknown-app", message, span);
    match closest(name, apps.iter().map(|app| app.name.as_str())) {
        Some(near) => finding.help(format!("Did you mean {near}?")).fix(span, near),
        None => finding.help(
            "Name an app, a network such as \"10.0.0.0/8\", or a host such as \"api.example.com\".",
        ),
    }
}
