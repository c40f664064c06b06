//! `alerts { storage warning="75%" critical="85%"; transcoding queue=10 duration="30m"; }`

use stackctl_model::{Span, Spanned};

use super::lines::{meant_prop, number, shape};
use super::top_level::TopLevel;
use crate::declare::{Knob, Shape, Type};
use crate::types::{Duration, Percent};
use crate::value::Block;

pub(crate) const BLOCK: TopLevel = TopLevel::once("alerts", "What to be told of", words);

/// What to be told of.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Alerts {
    /// Volumes that fill up.
    pub storage: Option<StorageAlert>,
    /// Transcodes that queue up.
    pub transcoding: Option<TranscodingAlert>,
}

/// When a volume that fills up is told.
#[derive(Clone, Debug, PartialEq)]
pub struct StorageAlert {
    /// How full for a warning.
    pub warning: Option<Spanned<Percent>>,
    /// How full for an alarm.
    pub critical: Option<Spanned<Percent>>,
    /// Where it was written.
    pub span: Span,
}

/// When transcodes that queue up are told.
#[derive(Clone, Debug, PartialEq)]
pub struct TranscodingAlert {
    /// How many are waiting.
    pub queue: Option<Spanned<i64>>,
    /// For how long.
    pub duration: Option<Spanned<Duration>>,
    /// Where it was written.
    pub span: Span,
}

fn words() -> Shape {
    let mut alerts = shape([], []);
    alerts.children = vec![
        Knob::block(
            "storage",
            "Volumes that fill up",
            shape(
                [],
                [
                    Knob::new("warning", Type::Percent, "How full for a warning"),
                    Knob::new("critical", Type::Percent, "How full for an alarm"),
                ],
            ),
        ),
        Knob::block(
            "transcoding",
            "Transcodes that queue up",
            shape(
                [],
                [
                    Knob::new("queue", Type::Integer, "How many are waiting"),
                    Knob::new("duration", Type::Duration, "For how long"),
                ],
            ),
        ),
    ];
    alerts
}

/// Reads it.
pub(crate) fn read(block: &Block) -> Alerts {
    let said = |word| block.children_named(word).next();
    Alerts {
        storage: said("storage").map(|line| StorageAlert {
            warning: meant_prop(line, "warning"),
            critical: meant_prop(line, "critical"),
            span: line.span,
        }),
        transcoding: said("transcoding").map(|line| TranscodingAlert {
            queue: number(line, "queue"),
            duration: meant_prop(line, "duration"),
            span: line.span,
        }),
    }
}
