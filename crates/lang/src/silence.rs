//! `lint CODE #false`, which may stand in any block: taken out before the block is read, so that no block
//! has to know of it.

use stackctl_model::{Finding, Span, Spanned};

use crate::value::{Block, Value};

const WORD: &str = "lint";

/// A lint that is turned off.
#[derive(Clone, Debug, PartialEq)]
pub struct Silence {
    /// The lint's code; whether there is one of that name is not for the language to know.
    pub code: Spanned<String>,
    /// The block it stands in; none where that is the `stack` block, which is all of the stack.
    pub block: Option<Span>,
}

/// What was taken out of the blocks.
#[derive(Default)]
pub(crate) struct Silences {
    pub(crate) found: Vec<Silence>,
    pub(crate) findings: Vec<Finding>,
}

impl Silences {
    /// Takes the lines out of a block and out of the blocks in it.
    pub(crate) fn take(&mut self, block: &mut Block) {
        let place = Some(block.span).filter(|_| block.name.value != "stack");
        let (lines, others) = std::mem::take(&mut block.children).into_iter().partition(is_line);
        block.children = others;
        let lines: Vec<Block> = lines;
        for line in &lines {
            match read(line) {
                Ok(code) => self.found.push(Silence { code, block: place }),
                Err(finding) => self.findings.push(finding),
            }
        }
        for child in &mut block.children {
            self.take(child);
        }
    }
}

/// In a `secret` or a set of parameters a word named `lint` with one value is a key like others.
fn is_line(block: &Block) -> bool {
    block.name.value == WORD && (block.args.len() != 1 || !block.props.is_empty())
}

fn read(line: &Block) -> Result<Spanned<String>, Finding> {
    let wrong = |message: &str, span: Span| {
        Finding::error("bad-lint", message, span)
            .help("Write `lint CODE #false`; stackctl explain CODE says what a lint is about.")
    };
    let [code, value] = line.args.as_slice() else {
        return Err(wrong("`lint` takes a code and #false", line.name.span));
    };
    let Some(text) = code.value.as_text() else {
        return Err(wrong("this is no code of a lint", code.span));
    };
    if value.value != Value::Bool(false) {
        return Err(wrong("a lint can only be turned off", value.span));
    }
    if !line.props.is_empty() || !line.children.is_empty() {
        return Err(wrong("`lint` takes a code and #false", line.name.span));
    }
    Ok(Spanned::new(text.to_owned(), code.span))
}
