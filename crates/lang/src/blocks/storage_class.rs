//! `storage-class longhorn replicas=2 budget="100Gi" disks=ssd backup=nightly`

use std::str::FromStr;

use stackctl_model::{Finding, Quantity, Span, Spanned};

use super::backup;
use super::lines::{check_pairs, is_on, meant_prop, name_of, number, pairs, prop, shape};
use super::top_level::{Defaults, TopLevel};
use crate::declare::{Knob, Shape, Type};
use crate::names::Referent;
use crate::value::{Block, Value};

pub(super) const WORD: &str = "storage-class";

/// Who makes the volumes of a class that does not say.
const LONGHORN: &str = "driver.longhorn.io";

pub(crate) const BLOCK: TopLevel = TopLevel {
    defaults: Defaults::Merged,
    referents: &[Referent {
        word: WORD,
        noun: "storage class",
        declared: |name| format!("`storage-class {name}`"),
        // Clusters come with classes of their own.
        may_be_elsewhere: true,
    }],
    check,
    ..TopLevel::named(WORD, "A kind of storage that volumes are made of", words)
};

/// A Longhorn storage class.
#[derive(Clone, Debug, PartialEq)]
pub struct StorageClass {
    /// Its name.
    pub name: Spanned<String>,
    /// Copies of each volume.
    pub replicas: Option<Spanned<i64>>,
    /// How much its volumes may ask for in all.
    pub budget: Option<Spanned<Quantity>>,
    /// Longhorn disk tag.
    pub disks: Option<Spanned<String>>,
    /// Name of a backup.
    pub backup: Option<Spanned<String>>,
    /// Who makes its volumes.
    pub provisioner: String,
    /// What becomes of a volume whose claim is gone.
    pub reclaim: Reclaim,
    /// Whether claims that name no class get this one.
    pub default: bool,
    /// Children of `parameters { … }`.
    pub parameters: Vec<(Spanned<String>, Spanned<String>)>,
    /// Where it was written.
    pub span: Span,
}

impl StorageClass {
    /// Whether Longhorn makes its volumes: only that has copies and disks of its own.
    pub fn is_longhorn(&self) -> bool {
        self.provisioner == LONGHORN
    }
}

/// What becomes of a volume whose claim is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reclaim {
    /// It goes too.
    Delete,
    /// It stays, with its data.
    Retain,
}

impl Reclaim {
    const ALL: [Self; 2] = [Self::Delete, Self::Retain];

    /// Its word in Kubernetes and in a stack.
    pub fn word(self) -> &'static str {
        match self {
            Self::Delete => "Delete",
            Self::Retain => "Retain",
        }
    }
}

impl FromStr for Reclaim {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|reclaim| reclaim.word() == text).ok_or(())
    }
}

fn words() -> Shape {
    let reclaim = Reclaim::ALL.map(|reclaim| reclaim.word().to_owned()).into();
    let backup = Type::Reference(backup::WORD.to_owned());
    let mut class = shape(
        [Knob::new("name", Type::Name, "Its name").required()],
        [
            Knob::new("replicas", Type::Integer, "Copies of each volume"),
            Knob::new("budget", Type::Quantity, "How much its volumes may ask for in all"),
            Knob::new("disks", Type::Name, "Longhorn's tag of the disks to use"),
            Knob::new("backup", backup, "When its volumes are backed up"),
            Knob::new("provisioner", Type::Text, "Who makes its volumes")
                .or(Value::Text(LONGHORN.to_owned())),
            Knob::new(
                "reclaim",
                Type::OneOf(reclaim),
                "What becomes of a volume whose claim is gone",
            )
            .or(Value::Text(Reclaim::Retain.word().to_owned())),
            Knob::new("default", Type::Bool, "Whether claims that name no class get this one")
                .or(Value::Bool(false)),
        ],
    );
    class.children = vec![Knob::block(
        "parameters",
        "Parameters of its provisioner, as they are",
        Shape { open_children: true, ..Shape::default() },
    )];
    class
}

fn check(block: &Block) -> Vec<Finding> {
    let mut findings: Vec<_> = block.children_named("parameters").flat_map(check_pairs).collect();
    if let Some(Spanned { value: replicas, span }) = number(block, "replicas")
        && !(1..=20).contains(&replicas)
    {
        let message = format!("{replicas} copies of a volume cannot be kept");
        findings.push(Finding::error("bad-number", message, span).help("Longhorn keeps 1 to 20."));
    }
    findings
}

/// Reads it.
pub(crate) fn read(block: &Block) -> StorageClass {
    StorageClass {
        name: name_of(block),
        replicas: number(block, "replicas"),
        budget: meant_prop(block, "budget"),
        disks: prop(block, "disks"),
        backup: prop(block, "backup"),
        provisioner: prop(block, "provisioner").map_or(LONGHORN.to_owned(), |one| one.value),
        reclaim: meant_prop(block, "reclaim").map_or(Reclaim::Retain, |reclaim| reclaim.value),
        default: is_on(block, "default"),
        parameters: block.children_named("parameters").flat_map(pairs).collect(),
        span: block.span,
    }
}

/// What no class can see of itself: that another one is the default too.
pub(crate) fn check_all(classes: &[StorageClass]) -> Vec<Finding> {
    let mut defaults = classes.iter().filter(|class| class.default);
    let Some(first) = defaults.next() else { return Vec::new() };
    let second = |class: &StorageClass| {
        let message = "two storage classes are the default one";
        Finding::error("two-defaults", message, class.name.span)
            .also(first.name.span, "the other")
            .help("Keep default=#true on one.")
    };
    defaults.map(second).collect()
}
