//! `alerts { storage warning="75%" critical="85%"; transcoding queue=10 duration="30m"; }`

use super::shape;
use crate::{Knob, Type};

pub(super) fn declaration() -> Knob {
    let mut shape = shape([], []);
    shape.children = vec![
        Knob::block(
            "storage",
            "Volumes that fill up",
            super::shape(
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
            super::shape(
                [],
                [
                    Knob::new("queue", Type::Integer, "How many are waiting"),
                    Knob::new("duration", Type::Duration, "For how long"),
                ],
            ),
        ),
    ];
    Knob::block("alerts", "What to be told of", shape)
}
