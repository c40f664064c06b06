//! `volume library "2Ti" class=media-storage access=ReadWriteMany`

use stackctl_model::{Finding, Span, Spanned};

use super::lines::{name_of, prop, shape, text_of};
use super::storage_class;
use super::top_level::{Defaults, TopLevel};
use crate::declare::{Knob, Shape, Type};
use crate::names::Referent;
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
    check,
    ..TopLevel::named(WORD, "A volume that apps share", words)
};

const ACCESS: [&str; 4] = ["ReadWriteOnce", "ReadWriteMany", "ReadOnlyMany", "ReadWriteOncePod"];

/// A volume that apps share.
#[derive(Clone, Debug, PartialEq)]
pub struct Volume {
    /// Its name; the claim is named after it.
    pub name: Spanned<String>,
    /// Quantity.
    pub size: Spanned<String>,
    /// Storage class; the cluster's default when not said.
    pub class: Option<Spanned<String>>,
    /// `ReadWriteOnce` (default), `ReadWriteMany`, `ReadOnlyMany`, `ReadWriteOncePod`.
    pub access: Option<Spanned<String>>,
    /// `nfs://host/path`: a static volume instead of a provisioned one.
    pub nfs: Option<Spanned<String>>,
    /// Where it was written.
    pub span: Span,
}

fn words() -> Shape {
    let class = Type::Reference(storage_class::WORD.to_owned());
    let access = Type::OneOf(ACCESS.map(str::to_owned).into());
    shape(
        [
            Knob::new("name", Type::Name, "Its name; the claim is named after it").required(),
            Knob::new("size", Type::Quantity, "How large, such as \"2Ti\"").required(),
        ],
        [
            Knob::new("class", class, "Storage class; the cluster's default when not said"),
            Knob::new("access", access, "Who may mount it at once")
                .or(Value::Text("ReadWriteOnce".to_owned())),
            Knob::new(
                "nfs",
                Type::Url,
                "nfs://host/path: this export instead of a volume made anew",
            ),
        ],
    )
}

fn check(block: &Block) -> Vec<Finding> {
    let Some(Spanned { value: Value::Text(nfs), span }) = block.prop("nfs") else {
        return Vec::new();
    };
    let host_and_path = nfs.strip_prefix("nfs://").and_then(|rest| rest.split_once('/'));
    if nfs.contains("://")
        && host_and_path.is_none_or(|(host, path)| host.is_empty() || path.is_empty())
    {
        let message = format!("{nfs:?} names no NFS export");
        return vec![
            Finding::error("bad-url", message, *span)
                .help("Write \"nfs://10.0.0.20/export/media\"."),
        ];
    }
    Vec::new()
}

/// Reads it.
pub(crate) fn read(block: &Block) -> Volume {
    let size = block.args.get(1).and_then(text_of);
    Volume {
        name: name_of(block),
        size: size.unwrap_or_else(|| Spanned::new("1Gi".to_owned(), block.name.span)),
        class: prop(block, "class"),
        access: prop(block, "access"),
        nfs: prop(block, "nfs"),
        span: block.span,
    }
}
