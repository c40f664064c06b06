//! Blocks to a stack: each block read, defaults and groups laid under it, everything checked.

use std::borrow::Cow;
use std::collections::BTreeMap;

use stackctl_model::{Finding, Span};

use crate::blocks::defaults;
use crate::blocks::top_level::Defaults;
use crate::check::{check_block, suggest};
use crate::declare::Knob;
use crate::names::NameTwice;
use crate::silence::Silences;
use crate::stack::{BLOCKS, Registered, Stack, registered, top_level};
use crate::value::Block;

/// Reads all blocks. `place` is where the `stack` line would stand when there is none.
pub(super) fn assemble(mut blocks: Vec<Block>, place: Span) -> (Stack, Vec<Finding>) {
    let mut silences = Silences::default();
    for block in &mut blocks {
        silences.take(block);
    }
    let blocks = blocks.as_slice();
    let knobs = top_level();
    let mut assembler = Assembler {
        knobs: knobs.iter().map(|knob| (knob.name.as_str(), knob)).collect(),
        defaults: blocks.iter().filter(|one| one.name.value == defaults::BLOCK.word).collect(),
        findings: Vec::new(),
    };
    let merged: Vec<_> = blocks.iter().map(|block| assembler.merged(block)).collect();
    let mut stack = Stack::empty(place);
    assembler.read(&merged, &mut stack, place);
    assembler.check(&merged, &stack);
    assembler.findings.extend(stack.names.twice().iter().map(declared_twice));
    assembler.findings.extend(stack.check());
    assembler.findings.extend(silences.findings);
    stack.silences = silences.found;
    (stack, assembler.findings)
}

struct Assembler<'a> {
    knobs: BTreeMap<&'a str, &'a Knob>,
    defaults: Vec<&'a Block>,
    findings: Vec<Finding>,
}

/// A block that was written, and what the table knows of its word.
struct Written<'a> {
    block: Cow<'a, Block>,
    registered: Option<&'static Registered>,
}

impl<'a> Assembler<'a> {
    /// The block upon the defaults of its kind.
    fn merged(&self, block: &'a Block) -> Written<'a> {
        let registered = registered(&block.name.value);
        let knob = self.knobs.get(block.name.value.as_str());
        let takes = registered.is_some_and(|one| one.block.defaults == Defaults::Merged);
        let mut merged = Cow::Borrowed(block);
        if let Some(knob) = knob.filter(|_| takes) {
            for defaults in &self.defaults {
                merged = Cow::Owned(defaults::merge(&merged, defaults, knob));
            }
        }
        Written { block: merged, registered }
    }

    /// Reads every block; of those that may stand once the first, since a second one is a mistake.
    fn read(&mut self, blocks: &[Written<'_>], stack: &mut Stack, place: Span) {
        let mut said: BTreeMap<&str, Span> = BTreeMap::new();
        for Written { block, registered } in blocks {
            let Some(Registered { block: known, read }) = registered else { continue };
            let first = said.entry(known.word).or_insert(block.name.span);
            if !known.repeat && *first != block.name.span {
                self.findings.push(said_twice(block, *first));
                continue;
            }
            read(block, stack);
            if let Some(name) = known.own_name(block) {
                stack.names.add_own(known.word, &name);
            }
            (known.more_names)(block, &mut stack.names);
        }
        defaults::lay_under(&mut stack.apps, &self.defaults);
        let missing = BLOCKS.iter().filter(|one| !said.contains_key(one.block.word));
        let missing = missing.filter_map(|one| one.block.missing);
        self.findings.extend(missing.map(|missing| missing(place)));
    }

    fn check(&mut self, blocks: &[Written<'_>], stack: &Stack) {
        for Written { block, registered } in blocks {
            let knob = self.knobs.get(block.name.value.as_str());
            let (Some(knob), Some(registered)) = (knob, registered) else {
                self.unknown(block);
                continue;
            };
            self.findings.extend(check_block(block, knob, &stack.names));
            self.findings.extend((registered.block.check)(block));
        }
    }

    fn unknown(&mut self, block: &Block) {
        let name = &block.name;
        let message = format!("a stack has no block `{}`", name.value);
        let finding = Finding::error("unknown-block", message, name.span);
        let words: Vec<&str> = self.knobs.keys().copied().collect();
        self.findings.push(suggest(finding, name, words.into_iter()));
    }
}

fn said_twice(block: &Block, first: Span) -> Finding {
    let message = format!("`{}` stands in a stack once", block.name.value);
    Finding::error("said-twice", message, block.name.span)
        .also(first, "first here")
        .help("Put them together.")
}

fn declared_twice(twice: &NameTwice) -> Finding {
    let NameTwice { word, name, first } = twice;
    let message = format!("{word} `{}` is declared twice", name.value);
    Finding::error("duplicate-name", message, name.span)
        .also(*first, "first here")
        .help("Give one of them another name, or put them together.")
}
