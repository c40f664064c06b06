//! Layers to one: what a module sets and what the stack says of an app, weakest first.

use std::collections::BTreeMap;

use stackctl_lang::{Block, Knob, Type};

/// A block that won, and whether the stack or a module said it.
#[derive(Clone, Debug)]
pub(crate) struct Said {
    /// The block, weaker layers' properties merged in.
    pub(crate) block: Block,
    /// Whether its last word came from a module's `set`.
    pub(crate) by_module: bool,
    layer: usize,
}

/// The winning blocks by word. A word that was turned off has none; one nobody said is absent.
pub(crate) type Merged = BTreeMap<String, Vec<Said>>;

/// Adds one layer after another.
#[derive(Debug, Default)]
pub(crate) struct Merger {
    words: Merged,
    layer: usize,
}

impl Merger {
    /// Adds the blocks of the next stronger layer; words that are no knob are passed over.
    pub(crate) fn add<'a>(
        &mut self,
        knobs: &[Knob],
        blocks: impl IntoIterator<Item = &'a Block>,
        by_module: bool,
    ) {
        self.layer += 1;
        for block in blocks {
            if let Some(knob) = knobs.iter().find(|knob| knob.name == block.name.value) {
                let said = Said { block: block.clone(), by_module, layer: self.layer };
                self.say(knob, said);
            }
        }
    }

    fn say(&mut self, knob: &Knob, said: Said) {
        let winners = self.words.entry(knob.name.clone()).or_default();
        if is_off(knob, &said.block) {
            winners.clear();
        } else if knob.shape.open_children && knob.repeat {
            winners.push(said);
        } else if knob.repeat {
            let earlier = winners
                .iter_mut()
                .find(|old| old.layer < said.layer && same_first_argument(&old.block, &said.block));
            match earlier {
                Some(old) => *old = onto(&old.block, said),
                None => winners.push(said),
            }
        } else if knob.shape.open_props {
            match winners.pop() {
                Some(old) => winners.push(onto(&old.block, said)),
                None => winners.push(said),
            }
        } else {
            winners.clear();
            winners.push(said);
        }
    }

    /// What all layers came to.
    pub(crate) fn finish(self) -> Merged {
        self.words
    }
}

/// `word #false` turns a word off, unless a boolean is what it holds.
pub(crate) fn is_off(knob: &Knob, block: &Block) -> bool {
    knob.kind != Type::Bool && block.is_turned_off()
}

fn same_first_argument(a: &Block, b: &Block) -> bool {
    match (a.args.first(), b.args.first()) {
        (Some(a), Some(b)) => a.value == b.value,
        (None, _) | (_, None) => false,
    }
}

/// The new block with whatever only the old one said.
fn onto(old: &Block, new: Said) -> Said {
    let mut block = new.block;
    block.args.extend(old.args.iter().skip(block.args.len()).cloned());
    let kept: Vec<_> =
        old.props.iter().filter(|(key, _)| block.prop(&key.value).is_none()).cloned().collect();
    block.props.splice(0..0, kept);
    let kept: Vec<_> = old
        .children
        .iter()
        .filter(|child| block.children_named(&child.name.value).next().is_none())
        .cloned()
        .collect();
    block.children.splice(0..0, kept);
    Said { block, ..new }
}

#[cfg(test)]
mod tests {
    use stackctl_lang::{Block, Knob, Shape, Value};
    use stackctl_model::{Span, Spanned};

    use super::Merger;

    fn at<T>(value: T) -> Spanned<T> {
        Spanned::new(value, Span::default())
    }

    fn block(name: &str, args: &[&str], props: &[(&str, &str)]) -> Block {
        let text = |text: &str| Value::Text(text.to_owned());
        Block {
            name: at(name.to_owned()),
            args: args.iter().map(|arg| at(text(arg))).collect(),
            props: props
                .iter()
                .map(|(key, value)| (at((*key).to_owned()), at(text(value))))
                .collect(),
            children: Vec::new(),
            span: Span::default(),
        }
    }

    fn knob(name: &str, repeat: bool, open_props: bool) -> Knob {
        Knob { repeat, ..Knob::block(name, "", Shape { open_props, ..Shape::default() }) }
    }

    fn merged(knob: &Knob, layers: &[&[Block]]) -> Vec<Block> {
        let mut merger = Merger::default();
        for layer in layers {
            merger.add(std::slice::from_ref(knob), *layer, false);
        }
        let mut words = merger.finish();
        words.remove(&knob.name).unwrap_or_default().into_iter().map(|said| said.block).collect()
    }

    #[test]
    fn a_later_volume_keeps_what_it_does_not_mention() {
        let volumes = merged(
            &knob("volume", true, false),
            &[
                &[block("volume", &["config", "10Gi"], &[("class", "longhorn"), ("path", "/c")])],
                &[block("volume", &["config", "5Gi"], &[("path", "/config")])],
            ],
        );
        assert_eq!(
            volumes,
            [block("volume", &["config", "5Gi"], &[("class", "longhorn"), ("path", "/config")])]
        );
    }

    #[test]
    fn the_same_volume_may_be_mounted_twice_in_one_place() {
        let layer =
            [block("mount", &["library", "/a"], &[]), block("mount", &["library", "/b"], &[])];
        assert_eq!(merged(&knob("mount", true, false), &[&layer]).len(), 2);
    }

    #[test]
    fn env_merges_by_key_and_other_words_are_replaced_whole() {
        let layers: [&[Block]; 2] =
            [&[block("x", &[], &[("A", "1"), ("B", "1")])], &[block("x", &[], &[("B", "2")])]];
        assert_eq!(
            merged(&knob("x", false, true), &layers),
            [block("x", &[], &[("A", "1"), ("B", "2")])]
        );
        assert_eq!(merged(&knob("x", false, false), &layers), [block("x", &[], &[("B", "2")])]);
    }

    #[test]
    fn false_turns_a_word_off_and_a_later_layer_may_say_it_anew() {
        let mut off = block("sso", &[], &[]);
        off.args.push(at(Value::Bool(false)));
        let on = block("sso", &["proxy"], &[]);
        let sso = knob("sso", false, false);
        assert_eq!(merged(&sso, &[std::slice::from_ref(&on), std::slice::from_ref(&off)]), []);
        assert_eq!(merged(&sso, &[&[off], std::slice::from_ref(&on)]), [on]);
    }
}
