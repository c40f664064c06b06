//! What the table of blocks knows of one top-level block.

use stackctl_model::{Finding, Span, Spanned};

use super::lines::first;
use crate::declare::{Knob, Shape};
use crate::names::{Names, Referent};
use crate::value::Block;

/// A block that stands in no other, as its file declares it.
pub(crate) struct TopLevel {
    /// Its word.
    pub(crate) word: &'static str,
    /// One line for people.
    pub(crate) doc: &'static str,
    /// Whether a stack may have several.
    pub(crate) repeat: bool,
    /// Whether its first argument is its name, which no other block of this word has.
    pub(crate) is_named: bool,
    /// What may be written in it.
    pub(crate) shape: fn() -> Shape,
    /// How `defaults { WORD { … } }` lies under it.
    pub(crate) defaults: Defaults,
    /// What other lines may name because of such blocks.
    pub(crate) referents: &'static [Referent],
    /// Adds the names it gives beside its own.
    pub(crate) more_names: fn(&Block, &mut Names),
    /// What its declaration cannot say.
    pub(crate) check: fn(&Block) -> Vec<Finding>,
    /// What is said of a stack that has none, where one must stand.
    pub(crate) missing: Option<fn(Span) -> Finding>,
}

/// What becomes of the lines that `defaults` holds for a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Defaults {
    /// There are none.
    None,
    /// They are merged into each block before it is read.
    Merged,
    /// They stay apart as the weakest layer, since only a module can say what merging means.
    Layered,
}

impl TopLevel {
    /// A block that a stack has once, without a name.
    pub(crate) const fn once(word: &'static str, doc: &'static str, shape: fn() -> Shape) -> Self {
        Self {
            word,
            doc,
            repeat: false,
            is_named: false,
            shape,
            defaults: Defaults::None,
            referents: &[],
            more_names: |_, _| {},
            check: |_| Vec::new(),
            missing: None,
        }
    }

    /// A block that a stack has any number of, told apart by name.
    pub(crate) const fn named(word: &'static str, doc: &'static str, shape: fn() -> Shape) -> Self {
        Self { repeat: true, is_named: true, ..Self::once(word, doc, shape) }
    }

    /// Its declaration, as `check` and `explain` read it.
    pub(crate) fn declaration(&self) -> Knob {
        let required = self.missing.is_some();
        Knob { repeat: self.repeat, required, ..Knob::block(self.word, self.doc, (self.shape)()) }
    }

    /// The name of a block of this word, where such blocks have one.
    pub(crate) fn own_name(&self, block: &Block) -> Option<Spanned<String>> {
        first(block).filter(|_| self.is_named)
    }
}
