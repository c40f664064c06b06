//! `stack home domain="lab.example.com" timezone="Europe/Oslo" namespace=media`

use stackctl_model::{Finding, Span, Spanned};

use super::lines::{name_of, prop, shape};
use super::top_level::TopLevel;
use crate::declare::{Knob, Shape, Type};
use crate::value::{Block, Value};

pub(crate) const BLOCK: TopLevel = TopLevel {
    missing: Some(missing),
    ..TopLevel::once("stack", "The name of the whole, and what holds for all of it", words)
};

const TIME_ZONE: &str = "Etc/UTC";

/// What the `stack` line says.
pub(crate) struct Head {
    /// The stack's name.
    pub(crate) name: Spanned<String>,
    /// Apps are reached as `APP.DOMAIN`.
    pub(crate) domain: Option<Spanned<String>>,
    /// IANA name.
    pub(crate) timezone: Spanned<String>,
    /// Where its objects live.
    pub(crate) namespace: Spanned<String>,
}

fn words() -> Shape {
    shape(
        [Knob::new("name", Type::Name, "Its identity everywhere").required()],
        [
            Knob::new("domain", Type::Host, "Apps are reached as APP.DOMAIN"),
            Knob::new("timezone", Type::TimeZone, "IANA name, for schedules and apps")
                .or(Value::Text(TIME_ZONE.to_owned())),
            Knob::new(
                "namespace",
                Type::Name,
                "Where its objects live; the stack's name when not said",
            ),
        ],
    )
}

fn missing(place: Span) -> Finding {
    Finding::error("missing-word", "this stack has no name", place)
        .help("Begin with a line such as `stack home`.")
}

/// Reads it.
pub(crate) fn read(block: &Block) -> Head {
    let name = name_of(block);
    Head {
        domain: prop(block, "domain"),
        timezone: prop(block, "timezone").unwrap_or_else(|| time_zone(name.span)),
        namespace: prop(block, "namespace").unwrap_or_else(|| name.clone()),
        name,
    }
}

/// What holds without the line, so that the rest can be checked all the same.
pub(crate) fn without(place: Span) -> Head {
    let name = Spanned::new("stack".to_owned(), place);
    Head { domain: None, timezone: time_zone(place), namespace: name.clone(), name }
}

fn time_zone(place: Span) -> Spanned<String> {
    Spanned::new(TIME_ZONE.to_owned(), place)
}
