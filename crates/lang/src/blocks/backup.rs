//! `backup nightly "0 2 * * *" keep=14 target="nfs://10.0.0.20/export/backup"`

use stackctl_model::Spanned;

use super::lines::{first, shape};
use super::top_level::TopLevel;
use crate::declare::{Knob, Shape, Type};
use crate::names::Referent;
use crate::value::Block;

pub(super) const WORD: &str = "backup";

pub(crate) const BLOCK: TopLevel = TopLevel {
    referents: &[Referent {
        word: WORD,
        noun: "backup",
        declared: |name| format!("`backup {name} \"0 2 * * *\" target=\"nfs://…\"`"),
        may_be_elsewhere: false,
    }],
    ..TopLevel::named(WORD, "When volumes are backed up, and where to", words)
};

/// A block that is only checked and named so far.
#[derive(Clone, Debug, PartialEq)]
pub struct NamedBlock {
    /// First argument.
    pub name: Spanned<String>,
    /// All of it, checked.
    pub block: Block,
}

fn words() -> Shape {
    shape(
        [
            Knob::new("name", Type::Name, "Its name").required(),
            Knob::new("schedule", Type::Cron, "When").required(),
        ],
        [
            Knob::new("keep", Type::Integer, "How many are kept"),
            Knob::new("target", Type::Url, "Where they go"),
        ],
    )
}

/// Reads it; a block without a name is none, which the check has said.
pub(crate) fn read(block: &Block) -> Option<NamedBlock> {
    Some(NamedBlock { name: first(block)?, block: block.clone() })
}
