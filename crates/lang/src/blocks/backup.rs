//! `backup nightly "0 2 * * *" keep=14 target="nfs://10.0.0.20/export/backup"`

use std::fmt;
use std::str::FromStr;

use stackctl_model::{Finding, Span, Spanned};

use super::lines::{first, meant_prop, number, prop, shape, text_of};
use super::top_level::TopLevel;
use crate::declare::{Knob, Shape, Type};
use crate::names::Referent;
use crate::types::{NfsExport, Url};
use crate::value::Block;

pub(super) const WORD: &str = "backup";

pub(crate) const BLOCK: TopLevel = TopLevel {
    referents: &[Referent {
        word: WORD,
        noun: "backup",
        declared: |name| format!("`backup {name} \"0 2 * * *\" target=\"nfs://…\"`"),
        may_be_elsewhere: false,
    }],
    check,
    ..TopLevel::named(WORD, "When volumes are backed up, and where to", words)
};

/// When volumes are backed up, and where to.
#[derive(Clone, Debug, PartialEq)]
pub struct Backup {
    /// Its name.
    pub name: Spanned<String>,
    /// When; five fields, as Kubernetes reads them.
    pub schedule: Option<Spanned<String>>,
    /// How many are kept.
    pub keep: Option<Spanned<i64>>,
    /// Where they go.
    pub target: Option<Spanned<BackupTarget>>,
    /// Where it was written.
    pub span: Span,
}

/// Where backups go.
#[derive(Clone, Debug, PartialEq)]
pub enum BackupTarget {
    /// A folder of an NFS server.
    Nfs(NfsExport),
    /// Anywhere else.
    Elsewhere(Url),
}

impl FromStr for BackupTarget {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        if text.starts_with("nfs:") {
            return text.parse().map(Self::Nfs).map_err(|_| ());
        }
        text.parse().map(Self::Elsewhere).map_err(|_| ())
    }
}

impl fmt::Display for BackupTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nfs(export) => export.fmt(f),
            Self::Elsewhere(url) => url.fmt(f),
        }
    }
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

/// A URL of NFS names an export.
fn check(block: &Block) -> Vec<Finding> {
    let Some(target) = prop(block, "target") else { return Vec::new() };
    let is_url = target.value.parse::<Url>().is_ok();
    if !is_url || target.value.parse::<BackupTarget>().is_ok() {
        return Vec::new();
    }
    let message = format!("{:?} names no NFS export", target.value);
    let finding = Finding::error("bad-url", message, target.span);
    vec![finding.help("Write \"nfs://10.0.0.20/export/backup\".")]
}

/// Reads it; a block without a name is none, which the check has said.
pub(crate) fn read(block: &Block) -> Option<Backup> {
    Some(Backup {
        name: first(block)?,
        schedule: block.args.get(1).and_then(text_of),
        keep: number(block, "keep"),
        target: meant_prop(block, "target"),
        span: block.span,
    })
}
