//! `stack home domain="lab.example.com" timezone="Europe/Oslo" namespace=media`

use stackctl_model::{Span, Spanned};

use super::{name_of, prop, shape};
use crate::{Block, Knob, Type, Value};

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

pub(super) fn declaration() -> Knob {
    Knob::block(
        "stack",
        "The name of the whole, and what holds for all of it",
        shape(
            [Knob::new("name", Type::Name, "Its identity everywhere").required()],
            [
                Knob::new("domain", Type::Host, "Apps are reached as APP.DOMAIN"),
                Knob::new("timezone", Type::TimeZone, "IANA name, for schedules and apps")
                    .or(Value::Text("Etc/UTC".to_owned())),
                Knob::new(
                    "namespace",
                    Type::Name,
                    "Where its objects live; the stack's name when not said",
                ),
            ],
        ),
    )
    .required()
}

/// Reads it; without a line the stack is called `stack`, so that the rest can be checked.
pub(crate) fn read(block: Option<&Block>, place: Span) -> Head {
    let spanned = |text: &str| Spanned::new(text.to_owned(), place);
    let name = block.map_or_else(|| spanned("stack"), name_of);
    let namespace =
        block.and_then(|block| prop(block, "namespace")).unwrap_or_else(|| name.clone());
    let timezone = block.and_then(|block| prop(block, "timezone"));
    Head {
        domain: block.and_then(|block| prop(block, "domain")),
        timezone: timezone.unwrap_or_else(|| Spanned::new("Etc/UTC".to_owned(), name.span)),
        namespace,
        name,
    }
}
