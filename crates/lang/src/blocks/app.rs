//! `app jellyfin { … }`: its lines are checked by its module, not here.

use stackctl_model::{Span, Spanned};

use super::lines::{first, name_of, prop, shape};
use super::top_level::{Defaults, TopLevel};
use crate::declare::{Knob, Shape, Type};
use crate::names::{Names, Referent};
use crate::value::Block;

const WORD: &str = "app";

pub(crate) const BLOCK: TopLevel = TopLevel {
    defaults: Defaults::Layered,
    referents: &[Referent {
        word: WORD,
        noun: "app",
        declared: |name| format!("`app {name}`"),
        may_be_elsewhere: false,
    }],
    more_names: |block, names| add_containers(&block.children, names),
    ..TopLevel::named(WORD, "An app; its module says what may stand in its block", words)
};

/// An app, before its module has checked it.
#[derive(Clone, Debug, PartialEq)]
pub struct App {
    /// Its name.
    pub name: Spanned<String>,
    /// Its module; the app's name when not said.
    pub module: Spanned<String>,
    /// What is said of it, weakest first: defaults, group, the app itself.
    pub layers: Vec<Layer>,
    /// Where it was written.
    pub span: Span,
}

/// Lines said of an app in one place.
#[derive(Clone, Debug, PartialEq)]
pub struct Layer {
    /// Which place.
    pub kind: LayerKind,
    /// The lines.
    pub blocks: Vec<Block>,
}

/// Where lines of an app were said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LayerKind {
    /// `defaults { app { … } }`: a word that the app's module does not know is passed over, not an error.
    Defaults,
    /// `group NAME { … }`: likewise an error only when no app of the group knows the word.
    Group(String),
    /// The app's own block.
    Own,
}

fn words() -> Shape {
    let mut app = shape(
        [Knob::new("name", Type::Name, "Its name").required()],
        [Knob::new("module", Type::Name, "Its module; the one of its name when not said")],
    );
    app.open_children = true;
    app
}

/// The containers beside an app are named like apps: both are hosts that others connect to.
pub(super) fn add_containers(lines: &[Block], names: &mut Names) {
    for container in lines.iter().filter(|line| line.name.value == "container") {
        if let Some(name) = container.args.first().and_then(|name| name.value.as_text()) {
            names.add(WORD, &Spanned::new(name.to_owned(), container.name.span));
        }
    }
}

/// Reads an app; a block without a name is none, which the check has said.
pub(crate) fn read(block: &Block) -> Option<App> {
    first(block)?;
    let name = name_of(block);
    Some(App {
        module: prop(block, "module").unwrap_or_else(|| name.clone()),
        name,
        layers: vec![Layer { kind: LayerKind::Own, blocks: block.children.clone() }],
        span: block.span,
    })
}
