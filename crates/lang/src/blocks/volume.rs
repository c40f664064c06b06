//! `volume library "2Ti" class=media-storage access=ReadWriteMany`

use std::str::FromStr;

use stackctl_model::{Quantity, Span, Spanned};

use super::lines::{meant, meant_prop, name_of, prop, shape, text_of};
use super::storage_class;
use super::top_level::{Defaults, TopLevel};
use crate::declare::{Knob, Shape, Type};
use crate::names::Referent;
use crate::types::NfsExport;
use crate::value::{Block, Value};

const WORD: &str = "volume";

pub(crate) const BLOCK: TopLevel = TopLevel {
    defaults: Defaults::Merged,
    referents: &[Referent {
        word: WORD,
        noun: "volume",
        declared: |name| format!("`volume {name} \"100Gi\"`"),
        may_be_elsewhere: false,
    }],
    ..TopLevel::named(WORD, "A volume that apps share", words)
};

/// Who may mount a volume at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Pods of one machine.
    ReadWriteOnce,
    /// All.
    ReadWriteMany,
    /// All, to read.
    ReadOnlyMany,
    /// One pod.
    ReadWriteOncePod,
}

impl Access {
    const ALL: [Self; 4] =
        [Self::ReadWriteOnce, Self::ReadWriteMany, Self::ReadOnlyMany, Self::ReadWriteOncePod];

    /// Its word in Kubernetes and in a stack.
    pub fn word(self) -> &'static str {
        match self {
            Self::ReadWriteOnce => "ReadWriteOnce",
            Self::ReadWriteMany => "ReadWriteMany",
            Self::ReadOnlyMany => "ReadOnlyMany",
            Self::ReadWriteOncePod => "ReadWriteOncePod",
        }
    }
}

impl FromStr for Access {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|access| access.word() == text).ok_or(())
    }
}

/// A volume that apps share.
#[derive(Clone, Debug, PartialEq)]
pub struct Volume {
    /// Its name; the claim is named after it.
    pub name: Spanned<String>,
    /// How large.
    pub size: Spanned<Quantity>,
    /// Storage class; the cluster's default when not said.
    pub class: Option<Spanned<String>>,
    /// Who may mount it at once.
    pub access: Access,
    /// The export that it is, instead of a volume made anew.
    pub nfs: Option<Spanned<NfsExport>>,
    /// Where it was written.
    pub span: Span,
}

fn words() -> Shape {
    let class = Type::Reference(storage_class::WORD.to_owned());
    let access = Type::OneOf(Access::ALL.map(|access| access.word().to_owned()).into());
    shape(
        [
            Knob::new("name", Type::Name, "Its name; the claim is named after it").required(),
            Knob::new("size", Type::Quantity, "How large, such as \"2Ti\"").required(),
        ],
        [
            Knob::new("class", class, "Storage class; the cluster's default when not said"),
            Knob::new("access", access, "Who may mount it at once")
                .or(Value::Text(Access::ReadWriteOnce.word().to_owned())),
            Knob::new(
                "nfs",
                Type::Nfs,
                "nfs://host/path: this export instead of a volume made anew; many may mount it unless said",
            ),
        ],
    )
}

/// Reads it.
pub(crate) fn read(block: &Block) -> Volume {
    let nfs = meant_prop(block, "nfs");
    // Several machines may mount an export at once; a volume made anew belongs to one, unless said.
    let usual = if nfs.is_some() { Access::ReadWriteMany } else { Access::ReadWriteOnce };
    let size = block.args.get(1).and_then(text_of).and_then(|size| meant(&size));
    Volume {
        name: name_of(block),
        size: size.unwrap_or_else(|| smallest(block.name.span)),
        class: prop(block, "class"),
        access: meant_prop(block, "access").map_or(usual, |access| access.value),
        nfs,
        span: block.span,
    }
}

/// What stands in for a size that is missing or wrong, so that the rest can be read.
fn smallest(place: Span) -> Spanned<Quantity> {
    Spanned::new("1Gi".parse().expect("this is a quantity"), place)
}
