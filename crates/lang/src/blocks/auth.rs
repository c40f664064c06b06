//! `auth authentik url="https://auth.lab.example.com" token=(env)AUTHENTIK_TOKEN { group media-users; }`

use stackctl_model::Spanned;

use super::{first, name_of, prop, shape};
use crate::{Auth, Block, Knob, Type, Value};

pub(super) fn declaration() -> Knob {
    let systems = vec!["authentik".to_owned()];
    let mut shape = shape(
        [Knob::new("system", Type::OneOf(systems), "Which system").required()],
        [
            Knob::new("url", Type::Url, "Where it answers"),
            Knob::new("token", Type::Secret, "Its API token"),
        ],
    );
    let name = Knob::new("name", Type::Text, "Its name").required();
    shape.children =
        vec![Knob::block("group", "A group of users", super::shape([name], [])).repeated()];
    Knob::block("auth", "Single sign-on", shape)
}

/// Reads it.
pub(crate) fn read(block: &Block) -> Auth {
    let token = block.prop("token").and_then(|token| match &token.value {
        Value::Secret(source) => Some(Spanned::new(source.clone(), token.span)),
        _ => None,
    });
    Auth {
        system: name_of(block),
        url: prop(block, "url"),
        token,
        groups: block.children_named("group").filter_map(first).collect(),
        span: block.span,
    }
}
