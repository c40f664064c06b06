//! `backup nightly "0 2 * * *" keep=14 target="nfs://10.0.0.20:/export/backup"`

use super::shape;
use crate::{Knob, Type};

pub(super) fn declaration() -> Knob {
    Knob::block(
        "backup",
        "When volumes are backed up, and where to",
        shape(
            [
                Knob::new("name", Type::Name, "Its name").required(),
                Knob::new("schedule", Type::Cron, "When").required(),
            ],
            [
                Knob::new("keep", Type::Integer, "How many are kept"),
                Knob::new("target", Type::Url, "Where they go"),
            ],
        ),
    )
    .repeated()
}
