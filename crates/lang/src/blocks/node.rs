//! `node nuc-01 ssh="ops@10.0.0.11" { gpu intel "/dev/dri/renderD128"; }`

use stackctl_model::Finding;

use super::{check_pairs, first, flag, name_of, pairs, prop, shape, text_of};
use crate::{Block, Knob, Node, Shape, Type, Value};

pub(super) fn declaration() -> Knob {
    let mut shape = shape(
        [Knob::new("name", Type::Host, "Its name, also of its Node object").required()],
        [
            Knob::new("ssh", Type::SshTarget, "user@host; not reached over SSH when not said"),
            Knob::new("optional", Type::Bool, "May be off: then what it needs is deferred")
                .or(Value::Bool(false)),
        ],
    );
    shape.children = words();
    Knob::block("node", "A machine of the cluster", shape).repeated()
}

/// What may be said of a machine.
fn words() -> Vec<Knob> {
    let list =
        |name: &str, doc: &str| Knob::new(name, Type::List(Box::new(Type::Text)), doc).repeated();
    let effect = ["NoSchedule", "PreferNoSchedule", "NoExecute"].map(str::to_owned).into();
    vec![
        Knob::block(
            "gpu",
            "A GPU it offers to apps",
            shape_of([
                Knob::new("class", Type::Name, "Such as intel, amd or nvidia").required(),
                Knob::new("device", Type::Path, "Its device, such as \"/dev/dri/renderD128\""),
            ]),
        )
        .repeated(),
        Knob::block(
            "sysctl",
            "Kernel settings, each with the value at least asked for",
            Shape { open_children: true, ..Shape::default() },
        ),
        Knob::new(
            "longhorn-host",
            Type::Bool,
            "What Longhorn needs: open-iscsi, iscsi_tcp, NFS client",
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
        list("package", "Packages that must be installed"),
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

fn shape_of<const A: usize>(args: [Knob; A]) -> Shape {
    shape(args, [])
}

/// Each kernel setting has one value.
pub(super) fn check(block: &Block) -> Vec<Finding> {
    block.children_named("sysctl").flat_map(check_pairs).collect()
}

/// Reads it.
pub(crate) fn read(block: &Block) -> Node {
    let is_on = |child: &&Block| {
        !matches!(child.args.first().map(|arg| &arg.value), Some(Value::Bool(false)))
    };
    let gpus = block.children_named("gpu").filter(is_on);
    let sets = block.children_named("longhorn-host").filter(is_on);
    let others = ["label", "taint", "kernel-module", "package", "service", "mount"];
    Node {
        name: name_of(block),
        ssh: prop(block, "ssh"),
        optional: flag(block, "optional"),
        gpus: gpus
            .filter_map(|gpu| Some((first(gpu)?, gpu.args.get(1).and_then(text_of))))
            .collect(),
        sysctls: block.children_named("sysctl").flat_map(pairs).collect(),
        sets: sets.map(|set| set.name.clone()).collect(),
        others: block
            .children
            .iter()
            .filter(|child| others.contains(&child.name.value.as_str()))
            .cloned()
            .collect(),
        span: block.span,
    }
}
