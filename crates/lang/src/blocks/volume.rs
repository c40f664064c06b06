//! `volume library "2Ti" class=media-storage access=ReadWriteMany`

use stackctl_model::{Finding, Spanned};

use super::{name_of, prop, shape, text_of};
use crate::{Block, Knob, ReferenceKind, Type, Value, Volume};

const ACCESS: [&str; 4] = ["ReadWriteOnce", "ReadWriteMany", "ReadOnlyMany", "ReadWriteOncePod"];

pub(super) fn declaration() -> Knob {
    Knob::block(
        "volume",
        "A volume that apps share",
        shape(
            [
                Knob::new("name", Type::Name, "Its name; the claim is named after it").required(),
                Knob::new("size", Type::Quantity, "How large, such as \"2Ti\"").required(),
            ],
            [
                Knob::new(
                    "class",
                    Type::Reference(ReferenceKind::StorageClass),
                    "Storage class; the cluster's default when not said",
                ),
                Knob::new(
                    "access",
                    Type::OneOf(ACCESS.map(str::to_owned).into()),
                    "Who may mount it at once",
                )
                .or(Value::Text("ReadWriteOnce".to_owned())),
                Knob::new(
                    "nfs",
                    Type::Url,
                    "nfs://host/path: this export instead of a volume made anew",
                ),
            ],
        ),
    )
    .repeated()
}

pub(super) fn check(block: &Block) -> Vec<Finding> {
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
