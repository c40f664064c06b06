//! `auth authentik url="https://auth.lab.example.com" token=(env)AUTHENTIK_TOKEN { group media-users; }`

use stackctl_model::{SecretSource, Span, Spanned};

use super::lines::{first, meant_prop, name_of, shape};
use super::top_level::TopLevel;
use crate::declare::{Knob, Shape, Type};
use crate::names::{Names, Referent};
use crate::types::Url;
use crate::value::{Block, Value};

const GROUP: &str = "group";

pub(crate) const BLOCK: TopLevel = TopLevel {
    referents: &[Referent {
        word: GROUP,
        noun: "group of users",
        declared: |name| format!("`group {name}` in the block of `auth`"),
        may_be_elsewhere: false,
    }],
    more_names: add_groups,
    ..TopLevel::once("auth", "Single sign-on", words)
};

/// Single sign-on.
#[derive(Clone, Debug, PartialEq)]
pub struct Auth {
    /// `authentik`
    pub system: Spanned<String>,
    /// Where it answers.
    pub url: Option<Spanned<Url>>,
    /// Its API token.
    pub token: Option<Spanned<SecretSource>>,
    /// Groups.
    pub groups: Vec<Spanned<String>>,
    /// Where it was written.
    pub span: Span,
}

fn words() -> Shape {
    let systems = vec!["authentik".to_owned()];
    let mut auth = shape(
        [Knob::new("system", Type::OneOf(systems), "Which system").required()],
        [
            Knob::new("url", Type::Url, "Where it answers"),
            Knob::new("token", Type::Secret, "Its API token"),
        ],
    );
    let name = Knob::new("name", Type::Text, "Its name").required();
    auth.children = vec![Knob::block(GROUP, "A group of users", shape([name], [])).repeated()];
    auth
}

fn groups(block: &Block) -> impl Iterator<Item = Spanned<String>> {
    block.children_named(GROUP).filter_map(first)
}

fn add_groups(block: &Block, names: &mut Names) {
    groups(block).for_each(|group| names.add(GROUP, &group));
}

/// Reads it.
pub(crate) fn read(block: &Block) -> Auth {
    let token = block.prop("token").and_then(|token| match &token.value {
        Value::Secret(source) => Some(Spanned::new(source.clone(), token.span)),
        Value::Null
        | Value::Bool(_)
        | Value::Integer(_)
        | Value::Float(_)
        | Value::Text(_)
        | Value::Knob(_) => None,
    });
    Auth {
        system: name_of(block),
        url: meant_prop(block, "url"),
        token,
        groups: groups(block).collect(),
        span: block.span,
    }
}
