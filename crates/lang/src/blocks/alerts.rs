//! `alerts { storage warning="75%" critical="85%"; transcoding queue=10 duration="30m"; }`

use super::lines::shape;
use super::top_level::TopLevel;
use crate::declare::{Knob, Shape, Type};
use crate::value::Block;

pub(crate) const BLOCK: TopLevel = TopLevel::once("alerts", "What to be told of", words);

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

/// Reads its lines.
pub(crate) fn read(block: &Block) -> Vec<Block> {
    block.children.clone()
}
