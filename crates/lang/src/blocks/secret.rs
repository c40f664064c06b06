//! `secret jellyfin-extra { API_TOKEN (env)JELLYFIN_TOKEN; }`

use std::collections::BTreeMap;

use stackctl_model::{Finding, SecretSource, Span, Spanned};

use super::lines::{name_of, shape};
use super::top_level::TopLevel;
use crate::declare::{Knob, Shape, Type};
use crate::names::Referent;
use crate::secrecy::secret_in_text;
use crate::value::{Block, Value};

const WORD: &str = "secret";

pub(crate) const BLOCK: TopLevel = TopLevel {
    referents: &[Referent {
        word: WORD,
        noun: "secret",
        declared: |name| format!("`secret {name} {{ KEY (env)NAME; }}`"),
        may_be_elsewhere: false,
    }],
    check,
    ..TopLevel::named(WORD, "A Secret whose values come from elsewhere: KEY (env)NAME", words)
};

/// `secret NAME { KEY (env)X }`
#[derive(Clone, Debug, PartialEq)]
pub struct SecretBlock {
    /// Its name.
    pub name: Spanned<String>,
    /// Each key and where its value comes from.
    pub keys: Vec<(Spanned<String>, Spanned<SecretSource>)>,
    /// Where it was written.
    pub span: Span,
}

fn words() -> Shape {
    let mut secret = shape([Knob::new("name", Type::Name, "Its name").required()], []);
    secret.open_children = true;
    secret
}

/// Each key has one reference.
fn check(block: &Block) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut said: BTreeMap<&str, Span> = BTreeMap::new();
    for child in &block.children {
        let key = &child.name;
        if let Some(first) = said.insert(&key.value, key.span) {
            let message = format!("`{}` stands here twice", key.value);
            findings
                .push(Finding::error("said-twice", message, key.span).also(first, "first here"));
        }
        let is_key = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        if key.value.is_empty() || !key.value.chars().all(is_key) {
            let message = format!("{:?} is no key of a Secret", key.value);
            let help = "Keys are letters, digits, -, _ and dots.";
            findings.push(Finding::error("bad-name", message, key.span).help(help));
        }
        match child.args.as_slice() {
            [Spanned { value: Value::Secret(_) | Value::Knob(_), .. }] => {}
            [value, ..] if !matches!(value.value, Value::Secret(_)) => {
                findings.push(secret_in_text(Span { end: value.span.start, ..value.span }));
            }
            _ => {
                let message = format!("`{}` takes one reference", key.value);
                let help = format!("Write `{} (env)\"NAME\"`.", key.value);
                findings.push(Finding::error("missing-value", message, key.span).help(help));
            }
        }
    }
    findings
}

/// Reads it.
pub(crate) fn read(block: &Block) -> SecretBlock {
    let key = |child: &Block| match child.args.first() {
        Some(Spanned { value: Value::Secret(source), span }) => {
            Some((child.name.clone(), Spanned::new(source.clone(), *span)))
        }
        Some(_) | None => None,
    };
    SecretBlock {
        name: name_of(block),
        keys: block.children.iter().filter_map(key).collect(),
        span: block.span,
    }
}
