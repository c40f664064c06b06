//! `node nuc-01 ssh="ops@10.0.0.11" { gpu intel "/dev/dri/renderD128"; }`

use stackctl_model::{Finding, OperatingSystem, Reach, Span, Spanned, SysctlRule, Way};

use super::lines::{first, is_on, name_of, prop, said_twice, shape, text_of};
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
    /// Kernel settings.
    pub sysctls: Vec<Sysctl>,
    /// Ready-made sets.
    pub sets: Vec<NodeSet>,
    /// `label`, `taint`, `kernel-module`, `package`, `service`, `mount`, checked.
    pub others: Vec<Block>,
    /// Where it was written.
    pub span: Span,
}

impl Node {
    /// Whether it offers a GPU of this class.
    pub fn offers(&self, class: &str) -> bool {
        self.gpus.iter().any(|gpu| gpu.class.value == class)
    }
}

/// A GPU of a machine.
#[derive(Clone, Debug, PartialEq)]
pub struct Gpu {
    /// Such as `intel`.
    pub class: Spanned<String>,
    /// Such as `/dev/dri/renderD128`.
    pub device: Option<Spanned<String>>,
}

/// A kernel setting of a machine.
#[derive(Clone, Debug, PartialEq)]
pub struct Sysctl {
    /// Such as `fs.inotify.max_user_watches`.
    pub key: Spanned<String>,
    /// How its value is meant.
    pub rule: SysctlRule,
    /// Its value.
    pub value: Spanned<String>,
}

/// A ready-made set of settings, such as `longhorn-host`.
#[derive(Clone, Debug, PartialEq)]
pub struct NodeSet {
    /// Its name.
    pub name: Spanned<String>,
    /// Whether packages may be installed.
    pub install: bool,
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
    let mut findings: Vec<_> = block.children_named("sysctl").flat_map(check_sysctls).collect();
    let named = ["kernel-module", "package", "service"];
    let lists = block.children.iter().filter(|child| named.contains(&child.name.value.as_str()));
    findings.extend(lists.flat_map(|list| &list.args).filter_map(check_name));
    if let Some(ssh) = block.prop("ssh").filter(|_| is_on(block, "local")) {
        let message = "a node is reached over ssh or is the local machine, not both";
        findings.push(Finding::error("two-ways", message, ssh.span));
    }
    findings
}

/// It becomes an argument of a command, and a line of a file.
fn check_name(arg: &Spanned<Value>) -> Option<Finding> {
    let name = arg.value.as_text()?;
    let is_bad = name.is_empty() || name.starts_with('-') || name.contains(char::is_control);
    let message = format!("{name:?} is no name of a module, package or service");
    is_bad.then(|| Finding::error("bad-name", message, arg.span))
}

fn check_sysctls(block: &Block) -> Vec<Finding> {
    let mut findings = said_twice(block);
    for child in &block.children {
        let (key, span) = (child.name.value.as_str(), child.name.span);
        if !is_key(key) {
            let message = format!("`{key}` is no kernel setting");
            let help = "Write its name as sysctl does: fs.inotify.max_user_watches.";
            findings.push(Finding::error("bad-sysctl", message, span).help(help));
        }
        if let Some(sysctl) = sysctl(child) {
            findings.extend(check_value(&sysctl));
        } else {
            let message = format!("`{key}` takes one value");
            let help = format!("Write `{key} 512`, `{key} at-least 512` or `{key} exactly 512`.");
            findings.push(Finding::error("missing-value", message, span).help(help));
        }
    }
    findings
}

/// Its parts become folders below `/proc/sys`.
fn is_key(key: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-:@".contains(c);
    let mut parts = key.split(['.', '/']);
    key.contains(['.', '/']) && parts.all(|part| !part.is_empty() && part.chars().all(plain))
}

fn check_value(sysctl: &Sysctl) -> Option<Finding> {
    let Spanned { value, span } = &sysctl.value;
    if value.trim().is_empty() || value.contains(char::is_control) {
        let message = "a kernel setting's value is one line of text";
        return Some(Finding::error("bad-sysctl", message, *span));
    }
    if sysctl.rule == SysctlRule::AtLeast && value.parse::<i64>().is_err() {
        let message = format!("{value:?} is no number, and at-least compares numbers");
        let help = format!("Write `{} exactly {value:?}`.", sysctl.key.value);
        return Some(Finding::error("bad-sysctl", message, *span).help(help));
    }
    None
}

/// `KEY value`, `KEY at-least value`, `KEY exactly value`.
fn sysctl(block: &Block) -> Option<Sysctl> {
    let key = block.name.clone();
    if !block.props.is_empty() || !block.children.is_empty() {
        return None;
    }
    let (rule, value) = match block.args.as_slice() {
        [value] => (usual_rule(&key.value), value),
        [rule, value] => match rule.value.as_text() {
            Some("at-least") => (SysctlRule::AtLeast, value),
            Some("exactly") => (SysctlRule::Exactly, value),
            Some(_) | None => return None,
        },
        _ => return None,
    };
    Some(Sysctl { key, rule, value: text_of(value)? })
}

/// Nobody minds a larger limit; what another setting means by more is not known here.
fn usual_rule(key: &str) -> SysctlRule {
    let is_limit = key.replace('/', ".").starts_with("fs.inotify.");
    if is_limit { SysctlRule::AtLeast } else { SysctlRule::Exactly }
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

/// Lines with this word that a `#false` does not turn off.
fn said<'a>(block: &'a Block, word: &'a str) -> impl Iterator<Item = &'a Block> {
    let is_off = |child: &Block| {
        matches!(child.args.first().map(|arg| &arg.value), Some(Value::Bool(false)))
    };
    block.children_named(word).filter(move |child| !is_off(child))
}

fn gpus(block: &Block) -> impl Iterator<Item = Gpu> {
    said(block, GPU).filter_map(|gpu| {
        Some(Gpu { class: first(gpu)?, device: gpu.args.get(1).and_then(text_of) })
    })
}

fn add_gpus(block: &Block, names: &mut Names) {
    gpus(block).for_each(|gpu| names.add(GPU, &gpu.class));
}

/// Reads it.
pub(crate) fn read(block: &Block) -> Node {
    let others = ["label", "taint", "kernel-module", "package", "service", "mount"];
    Node {
        name: name_of(block),
        reach: reach(block),
        gpus: gpus(block).collect(),
        sysctls: block
            .children_named("sysctl")
            .flat_map(|all| &all.children)
            .filter_map(sysctl)
            .collect(),
        sets: said(block, "longhorn-host")
            .map(|set| NodeSet { name: set.name.clone(), install: is_on(set, "install") })
            .collect(),
        others: block
            .children
            .iter()
            .filter(|child| others.contains(&child.name.value.as_str()))
            .cloned()
            .collect(),
        span: block.span,
    }
}
