//! KDL nodes to blocks: spans, secrets by their annotation, no property twice.

use kdl::{KdlDocument, KdlEntry, KdlNode, KdlValue};
use stackctl_model::{Alphabet, Finding, SecretSource, SourceId, Span, Spanned, closest};

use crate::{Block, Value};

/// All nodes of a document.
pub(crate) fn blocks(source: SourceId, document: &KdlDocument, findings: &mut Vec<Finding>) -> Vec<Block> {
    document.nodes().iter().map(|node| block(source, node, findings)).collect()
}

fn block(source: SourceId, node: &KdlNode, findings: &mut Vec<Finding>) -> Block {
    let place = |start: usize, length: usize| Span { source, start, end: start + length };
    macro_rules! span {
        ($of:expr) => {{
            let found = $of.span();
            place(found.offset(), found.len())
        }};
    }
    let mut block = Block {
        name: Spanned::new(node.name().value().to_owned(), span!(node.name())),
        args: Vec::new(),
        props: Vec::new(),
        children: Vec::new(),
        span: span!(node),
    };
    if let Some(annotation) = node.ty() {
        findings.push(
            Finding::error("annotated-word", "a word of the stack takes no annotation", span!(annotation))
                .help("annotations such as (env) belong before a value"),
        );
    }
    for entry in node.entries() {
        let whole = span!(entry);
        let start = entry.name().map_or(whole.start, |name| span!(name).end + 1);
        let value_span = Span { start: start.min(whole.end), ..whole };
        let value = Spanned::new(value(entry, value_span, findings), value_span);
        match entry.name() {
            None => block.args.push(value),
            Some(name) => {
                let name = Spanned::new(name.value().to_owned(), span!(name));
                add_prop(&mut block, name, value, findings);
            }
        }
    }
    block.children = node.children().map_or_else(Vec::new, |children| blocks(source, children, findings));
    block
}

fn add_prop(block: &mut Block, name: Spanned<String>, value: Spanned<Value>, findings: &mut Vec<Finding>) {
    let before = block.props.iter().find(|(known, _)| known.value == name.value);
    if let Some((before, _)) = before {
        findings.push(
            Finding::error("duplicate-property", format!("{} is said twice", name.value), name.span)
                .here("again")
                .also(before.span, "first here"),
        );
        return;
    }
    block.props.push((name, value));
}

fn value(entry: &KdlEntry, span: Span, findings: &mut Vec<Finding>) -> Value {
    let plain = match entry.value() {
        KdlValue::String(text) => Value::Text(text.clone()),
        KdlValue::Integer(number) => match i64::try_from(*number) {
            Ok(number) => Value::Integer(number),
            Err(_) => {
                findings.push(Finding::error("number-too-large", "this number is too large", span));
                Value::Integer(0)
            }
        },
        KdlValue::Float(number) if number.is_finite() => Value::Float(*number),
        KdlValue::Float(_) => {
            findings.push(Finding::error("number-too-large", "this is not a finite number", span));
            Value::Float(0.0)
        }
        KdlValue::Bool(flag) => Value::Bool(*flag),
        KdlValue::Null => Value::Null,
    };
    match entry.ty() {
        None => plain,
        Some(annotation) => annotated(annotation.value(), plain, span, findings),
    }
}

/// What may stand before a value.
const ANNOTATIONS: &[&str] = &["env", "exec", "file", "generate", "knob", "sops"];

fn annotated(annotation: &str, plain: Value, span: Span, findings: &mut Vec<Finding>) -> Value {
    if !ANNOTATIONS.contains(&annotation) {
        let mut finding = Finding::error("unknown-annotation", format!("there is no ({annotation})"), span);
        finding = match closest(annotation, ANNOTATIONS.iter().copied()) {
            Some(near) => finding.here(format!("did you mean ({near})?")),
            None => finding.help(format!("there are: {}", ANNOTATIONS.join(", "))),
        };
        findings.push(finding);
        return plain;
    }
    let Value::Text(text) = plain else {
        findings.push(Finding::error("wrong-type", format!("({annotation}) takes text"), span));
        return plain;
    };
    match annotation {
        "knob" => Value::Knob(text),
        "env" => Value::Secret(SecretSource::Env(text)),
        "exec" => Value::Secret(SecretSource::Exec(text)),
        "file" => Value::Secret(SecretSource::File(text)),
        "sops" => match text.split_once('#') {
            Some((file, key)) => Value::Secret(SecretSource::Sops { file: file.to_owned(), key: key.to_owned() }),
            None => {
                findings.push(
                    Finding::error("bad-secret", "(sops) needs a file and a key", span)
                        .help("write (sops)\"file.yaml#key\""),
                );
                Value::Secret(SecretSource::Sops { file: text, key: String::new() })
            }
        },
        _ => generated(&text, span, findings),
    }
}

/// `hex=32` or `length=40`.
fn generated(text: &str, span: Span, findings: &mut Vec<Finding>) -> Value {
    let (word, number) = text.split_once('=').unwrap_or((text, ""));
    let alphabet = match word {
        "hex" => Some(Alphabet::Hex),
        "length" => Some(Alphabet::Alphanumeric),
        _ => None,
    };
    let length = number.parse().ok().filter(|length| (8..=1024).contains(length));
    if let (Some(alphabet), Some(length)) = (alphabet, length) {
        return Value::Secret(SecretSource::Generate { alphabet, length });
    }
    findings.push(
        Finding::error("bad-secret", "(generate) needs a length of 8 to 1024", span)
            .help("write (generate)\"length=40\" or (generate)\"hex=32\""),
    );
    Value::Secret(SecretSource::Generate { alphabet: Alphabet::Alphanumeric, length: 40 })
}
