//! Whole stacks and modules: they are read without a word.

use crate::memory::{said, said_of_module, stack};

pub(crate) const STACKS: [&str; 3] = [
    include_str!("../stacks/home.kdl"),
    include_str!("../stacks/minimal.kdl"),
    include_str!("../stacks/escape-hatches.kdl"),
];

pub(crate) const MODULES: [&str; 3] = [
    include_str!("../modules/app.kdl"),
    include_str!("../modules/arr.kdl"),
    include_str!("../modules/sonarr.kdl"),
];

#[test]
fn whole_stacks_are_read_without_a_finding() {
    for text in STACKS {
        assert_eq!(said(text), "");
    }
}

#[test]
fn modules_are_read_without_a_finding() {
    for text in MODULES {
        assert_eq!(said_of_module(text), "");
    }
}

#[test]
fn the_media_stack_is_what_it_says() {
    let (stack, _, _) = stack(STACKS[0]);
    insta::assert_debug_snapshot!(stack.unwrap());
}
