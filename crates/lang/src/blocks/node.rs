//! `node nuc-01 ssh="ops@10.0.0.11" { gpu intel "/dev/dri/renderD128"; }`

use std::collections::BTreeMap;

use stackctl_model::{
    Finding, NodeSetting, OperatingSystem, Reach, SettingName, Span, Spanned, Way,
};

use super::gpu::Gpu;
use super::lines::{first, is_on, name_of, prop, shape, text_of};
use super::node_settings::{check_settings, settings};
use super::top_level::{Defaults, TopLevel};
use crate::declare::{Knob, Shape, Type};
use crate::names::{Names, Referent};
use crate::value::{Block, Value};

const WORD: &str = "node";
const GPU: &str = "gpu";

pub(crate) const BLOCK: TopLevel = TopLevel {
    defaults: Defaults::Merged,
    referents: &[
        Referent {
            word: WORD,
            noun: "node",
            declared: |name| format!("`node {name}`"),
            may_be_elsewhere: false,
        },
        Referent {
            word: GPU,
            noun: "GPU",
            declared: |class| {
                format!(
                    "`gpu {class} \"/dev/dri/renderD128\"` in the block of the node that has it"
                )
            },
            may_be_elsewhere: false,
        },
    ],
    more_names: add_gpus,
    check,
    ..TopLevel::named(WORD, "A machine of the cluster", words)
};

/// A machine.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// Its name, also of its Node object.
    pub name: Spanned<String>,
    /// How it is reached.
    pub reach: Reach,
    /// What it offers to apps.
    pub gpus: Vec<Gpu>,
    /// What is asked of the machine itself, its GPUs included, by name.
    pub settings: BTreeMap<SettingName, Spanned<NodeSetting>>,
    /// Labels of its Node object.
    pub labels: BTreeMap<String, String>,
    /// Taints of its Node object.
    pub taints: Vec<Taint>,
    /// Where it was written.
    pub span: Span,
}

impl Node {
    /// Whether it offers a GPU of this class.
    pub fn offers(&self, class: &str) -> bool {
        self.gpus.iter().any(|gpu| gpu.class.value == class)
    }
}

/// A taint of a Node object.
#[derive(Clone, Debug, PartialEq)]
pub struct Taint {
    /// Such as `nvidia.com/gpu`.
    pub key: String,
    /// What stands behind its `=`.
    pub value: Option<String>,
    /// What it does to pods that do not tolerate it.
    pub effect: String,
}

fn words() -> Shape {
    let systems = ["linux", "nixos", "talos"].map(str::to_owned).into();
    let mut node = shape(
        [Knob::new("name", Type::Host, "Its name, also of its Node object").required()],
        [
            Knob::new("ssh", Type::SshTarget, "user@host, or a Host of your ssh configuration"),
            Knob::new("local", Type::Bool, "It is the machine that stackctl runs on")
                .or(Value::Bool(false)),
            Knob::new("system", Type::OneOf(systems), "What runs on it; looked up when not said"),
            Knob::new("optional", Type::Bool, "May be off: then what it needs is deferred")
                .or(Value::Bool(false)),
        ],
    );
    node.children = lines();
    node
}

/// What may be said of a machine.
fn lines() -> Vec<Knob> {
    let list =
        |name: &str, doc: &str| Knob::new(name, Type::List(Box::new(Type::Text)), doc).repeated();
    let effect = ["NoSchedule", "PreferNoSchedule", "NoExecute"].map(str::to_owned).into();
    vec![
        Knob::block(
            GPU,
            "A GPU it offers to apps",
            shape_of([
                Knob::new("class", Type::Name, "Such as intel, amd or nvidia").required(),
                Knob::new("device", Type::Path, "Its device, such as \"/dev/dri/renderD128\""),
            ]),
        )
        .repeated(),
        Knob::block(
            "sysctl",
            "Kernel settings: KEY VALUE, KEY at-least VALUE or KEY exactly VALUE; inotify limits are meant as \
             at-least, others exactly",
            Shape { open_children: true, ..Shape::default() },
        ),
        Knob::block(
            "longhorn-host",
            "What Longhorn needs: open-iscsi running, iscsi_tcp, an NFS client, multipathd off its disks",
            shape([Knob::new("on", Type::Bool, "#false turns a default off")], [install()]),
        ),
        Knob::block(
            "label",
            "A label of its Node object",
            shape_of([
                Knob::new("key", Type::Text, "Such as example.com/disk").required(),
                Knob::new("value", Type::Scalar, "Its value"),
            ]),
        )
        .repeated(),
        Knob::block(
            "taint",
            "A taint of its Node object",
            shape_of([
                Knob::new("key", Type::Text, "KEY or KEY=VALUE").required(),
                Knob::new("effect", Type::OneOf(effect), "What it does to pods").required(),
            ]),
        )
        .repeated(),
        list("kernel-module", "Kernel modules that must be loaded"),
        Knob::block(
            "package",
            "Packages that must be installed",
            shape(
                [Knob::new("names", Type::List(Box::new(Type::Text)), "Their names").required()],
                [install()],
            ),
        )
        .repeated(),
        list("service", "Services that must run"),
        Knob::block(
            "mount",
            "A file system that must be mounted",
            shape_of([
                Knob::new("path", Type::Path, "Where").required(),
                Knob::new("source", Type::Text, "What, such as UUID=… or host:/export"),
            ]),
        )
        .repeated(),
    ]
}

fn install() -> Knob {
    Knob::new(
        "install",
        Type::Bool,
        "May stackctl install what is missing; only told when not said",
    )
    .or(Value::Bool(false))
}

fn shape_of<const A: usize>(args: [Knob; A]) -> Shape {
    shape(args, [])
}

/// What the declarations cannot say: kernel settings, and the way to the machine.
fn check(block: &Block) -> Vec<Finding> {
    let mut findings = check_settings(block);
    if let Some(ssh) = block.prop("ssh").filter(|_| is_on(block, "local")) {
        let message = "a node is reached over ssh or is the local machine, not both";
        findings.push(Finding::error("two-ways", message, ssh.span));
    }
    findings
}

fn reach(block: &Block) -> Reach {
    let ssh = prop(block, "ssh").map(|ssh| Way::Ssh(ssh.value));
    let way = if is_on(block, "local") { Way::Local } else { ssh.unwrap_or_default() };
    let system = prop(block, "system").and_then(|system| match system.value.as_str() {
        "linux" => Some(OperatingSystem::Linux),
        "nixos" => Some(OperatingSystem::Nixos),
        "talos" => Some(OperatingSystem::Talos),
        _ => None,
    });
    Reach { way, system, optional: is_on(block, "optional") }
}

fn gpus(block: &Block) -> impl Iterator<Item = Gpu> {
    block.children_named(GPU).filter(|gpu| !gpu.is_turned_off()).filter_map(|gpu| {
        Some(Gpu { class: first(gpu)?, device: gpu.args.get(1).and_then(text_of) })
    })
}

fn add_gpus(block: &Block, names: &mut Names) {
    gpus(block).for_each(|gpu| names.add(GPU, &gpu.class));
}

fn labels(block: &Block) -> BTreeMap<String, String> {
    let label = |line: &Block| {
        let value = line.args.get(1).and_then(text_of);
        Some((first(line)?.value, value.map_or(String::new(), |value| value.value)))
    };
    block.children_named("label").filter_map(label).collect()
}

fn taint(line: &Block) -> Option<Taint> {
    let written = first(line)?.value;
    let effect = line.args.get(1).and_then(text_of)?.value;
    let (key, value) = match written.split_once('=') {
        Some((key, value)) => (key.to_owned(), Some(value.to_owned())),
        None => (written, None),
    };
    Some(Taint { key, value, effect })
}

/// Reads it.
pub(crate) fn read(block: &Block) -> Node {
    let gpus: Vec<Gpu> = gpus(block).collect();
    Node {
        name: name_of(block),
        reach: reach(block),
        settings: settings(block, &gpus),
        gpus,
        labels: labels(block),
        taints: block.children_named("taint").filter_map(taint).collect(),
        span: block.span,
    }
}
