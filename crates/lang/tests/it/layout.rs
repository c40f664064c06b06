//! What a layout keeps: every word, every comment; and laid out twice is laid out once.

use proptest::prelude::*;
use stackctl_lang::{Block, Value, format};

use crate::memory::{said, stack};
use crate::sketch::{MODULES, STACKS};

#[test]
fn whole_stacks_are_laid_out_as_they_are_written() {
    for text in STACKS.into_iter().chain(MODULES) {
        assert_eq!(format(text).unwrap(), text);
    }
}

/// Blocks without their places.
fn data(blocks: &[Block]) -> String {
    let value = |value: &Value| value.to_string();
    let one = |block: &Block| {
        let args: Vec<_> = block.args.iter().map(|arg| value(&arg.value)).collect();
        let props: Vec<_> = block
            .props
            .iter()
            .map(|(name, of)| format!("{:?}={}", name.value, value(&of.value)))
            .collect();
        format!("{:?} {args:?} {props:?} {{{}}}", block.name.value, data(&block.children))
    };
    blocks.iter().map(one).collect::<Vec<_>>().join("\n")
}

fn lines_of_app(text: &str) -> String {
    let (stack, _, _) = stack(&format!("stack x\napp y {{\n{text}\n}}\n"));
    let app = stack.unwrap().apps.remove(0);
    data(&app.layers.last().unwrap().blocks)
}

fn comments(text: &str) -> Vec<String> {
    text.match_indices("//c")
        .map(|(at, _)| text[at..].lines().next().unwrap().trim_end().to_owned())
        .collect()
}

/// Statements in all their forms, with blanks and comments anywhere.
fn statement() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        Just("a".to_owned()),
        Just("\"q r\"".to_owned()),
        Just("#\"raw\"#".to_owned()),
        Just("0o17".to_owned()),
        Just("1_000.5".to_owned()),
        Just("#true".to_owned()),
        Just("(env)X".to_owned()),
        Just("k=1".to_owned()),
        Just("k2 = ( env ) \"x\"".to_owned()),
        Just("/- gone".to_owned()),
        Just("/*c*/".to_owned()),
        Just("\\\n".to_owned()),
        Just("\"\"\"\n  long\n    x\n  \"\"\"".to_owned()),
    ];
    let entries = prop::collection::vec((word, "[ \t]{1,3}"), 0..4).prop_map(|words| {
        words.into_iter().flat_map(|(word, blank)| [blank, word]).collect::<String>()
    });
    let leaf = (
        entries,
        prop_oneof![Just("\n"), Just(";"), Just(" //c 1\n"), Just("\n\n\n"), Just(" ; //c 2\n")],
    )
        .prop_map(|(entries, end)| format!("w{entries}{end}"));
    leaf.prop_recursive(4, 24, 4, |inner| {
        let head = prop_oneof![
            Just("b {"),
            Just("/-b {"),
            Just("b 1 /-{ z; } {"),
            Just("  b x=1{//c 3\n"),
            Just("b {\n\n")
        ];
        let tail = prop_oneof![Just("}\n"), Just("};"), Just("}   //c 4\n"), Just("//c 5\n}\n")];
        (head, prop::collection::vec(inner, 0..4), tail)
            .prop_map(|(head, inside, tail)| format!("{head}{}{tail}", inside.concat()))
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn a_layout_keeps_the_data_and_the_comments(parts in prop::collection::vec(statement(), 0..6)) {
        let text = parts.concat();
        let laid_out = format(&text).map_err(|findings| TestCaseError::fail(format!("{text}\n{findings:?}")))?;
        prop_assert_eq!(lines_of_app(&laid_out), lines_of_app(&text), "{}", text);
        prop_assert_eq!(comments(&laid_out), comments(&text), "{}", text);
        prop_assert_eq!(&format(&laid_out).unwrap(), &laid_out, "{}", text);
        prop_assert_eq!(said(&laid_out).lines().count(), said(&text).lines().count());
    }
}
