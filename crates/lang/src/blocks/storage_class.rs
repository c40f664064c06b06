//! `storage-class longhorn replicas=2 budget="100Gi" disks=ssd backup=nightly`

use stackctl_model::{Finding, Spanned};

use super::{check_pairs, flag, name_of, pairs, prop, shape};
use crate::{Block, Knob, ReferenceKind, Shape, StorageClass, Type, Value};

pub(super) fn declaration() -> Knob {
    let reclaim = ["Delete", "Retain"].map(str::to_owned).into();
    let mut shape = shape(
        [Knob::new("name", Type::Name, "Its name").required()],
        [
            Knob::new("replicas", Type::Integer, "Copies of each volume"),
            Knob::new("budget", Type::Quantity, "How much its volumes may ask for in all"),
            Knob::new("disks", Type::Name, "Longhorn's tag of the disks to use"),
            Knob::new(
                "backup",
                Type::Reference(ReferenceKind::Backup),
                "When its volumes are backed up",
            ),
            Knob::new("provisioner", Type::Text, "Who makes its volumes")
                .or(Value::Text("driver.longhorn.io".to_owned())),
            Knob::new(
                "reclaim",
                Type::OneOf(reclaim),
                "What becomes of a volume whose claim is gone",
            )
            .or(Value::Text("Retain".to_owned())),
            Knob::new("default", Type::Bool, "Whether claims that name no class get this one")
                .or(Value::Bool(false)),
        ],
    );
    shape.children = vec![Knob::block(
        "parameters",
        "Parameters of its provisioner, as they are",
        Shape { open_children: true, ..Shape::default() },
    )];
    Knob::block("storage-class", "A kind of storage that volumes are made of", shape).repeated()
}

pub(super) fn check(block: &Block) -> Vec<Finding> {
    let mut findings: Vec<_> = block.children_named("parameters").flat_map(check_pairs).collect();
    if let Some(Spanned { value: Value::Integer(replicas), span }) = block.prop("replicas")
        && !(1..=20).contains(replicas)
    {
        let message = format!("{replicas} copies of a volume cannot be kept");
        findings.push(Finding::error("bad-number", message, *span).help("Longhorn keeps 1 to 20."));
    }
    findings
}

/// Reads it.
pub(crate) fn read(block: &Block) -> StorageClass {
    let replicas = block.prop("replicas").and_then(|value| match value.value {
        Value::Integer(replicas) => Some(Spanned::new(replicas, value.span)),
        _ => None,
    });
    StorageClass {
        name: name_of(block),
        replicas,
        budget: prop(block, "budget"),
        disks: prop(block, "disks"),
        backup: prop(block, "backup"),
        provisioner: prop(block, "provisioner"),
        reclaim: prop(block, "reclaim"),
        default: flag(block, "default"),
        parameters: block.children_named("parameters").flat_map(pairs).collect(),
        span: block.span,
    }
}
