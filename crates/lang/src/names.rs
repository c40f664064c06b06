//! What lines may refer to by name, and the names that a stack gives.

use std::collections::BTreeMap;

use stackctl_model::{Span, Spanned};

/// A kind of thing that lines refer to by name, written `ref<WORD>` in a module.
#[derive(Debug)]
pub(crate) struct Referent {
    /// The word of the block that gives the name.
    pub(crate) word: &'static str,
    /// What it is called in a sentence.
    pub(crate) noun: &'static str,
    /// How something of this name is declared; a part of a sentence.
    pub(crate) declared: fn(&str) -> String,
    /// Whether the cluster may have one that the stack does not declare.
    pub(crate) may_be_elsewhere: bool,
}

/// The names a stack gives, by the word of the block that gives them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Names {
    given: BTreeMap<&'static str, BTreeMap<String, Given>>,
    twice: Vec<NameTwice>,
}

/// A name and where it was first given.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Given {
    place: Span,
    /// Whether a block of the word gave it as its own name.
    is_own: bool,
}

/// A name that two blocks of one word have.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct NameTwice {
    pub(crate) word: &'static str,
    pub(crate) name: Spanned<String>,
    pub(crate) first: Span,
}

impl Names {
    /// Whether a name is given.
    pub fn has(&self, word: &str, name: &str) -> bool {
        self.given.get(word).is_some_and(|names| names.contains_key(name))
    }

    /// Every name that blocks of a word give, sorted.
    pub fn all(&self, word: &str) -> impl Iterator<Item = &str> {
        self.given.get(word).into_iter().flat_map(|names| names.keys().map(String::as_str))
    }

    /// A block's own name, which no other block of its word may have.
    pub(crate) fn add_own(&mut self, word: &'static str, name: &Spanned<String>) {
        if name.value.is_empty() {
            return;
        }
        let given = Given { place: name.span, is_own: true };
        let names = self.given.entry(word).or_default();
        match names.get(&name.value) {
            Some(first) if first.is_own => {
                self.twice.push(NameTwice { word, name: name.clone(), first: first.place });
            }
            Some(_) | None => {
                names.insert(name.value.clone(), given);
            }
        }
    }

    /// A name that may be given in several places: a class of GPUs, a group of users, a container.
    pub(crate) fn add(&mut self, word: &'static str, name: &Spanned<String>) {
        let given = Given { place: name.span, is_own: false };
        self.given.entry(word).or_default().entry(name.value.clone()).or_insert(given);
    }

    /// Names that two blocks of one word have, in the order of the text.
    pub(crate) fn twice(&self) -> &[NameTwice] {
        &self.twice
    }
}
