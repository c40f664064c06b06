//! KDL nodes to blocks: places as written, secrets by their annotation, no property twice.

use kdl::{KdlDocument, KdlEntry, KdlNode, KdlValue};
use stackctl_model::{Alphabet, Finding, SecretSource, SourceId, Span, Spanned, closest};

use super::clean::Clean;
use super::file_kind::FileKind;
use super::rebuild::NAMELESS;
use crate::value::{Block, Value};

/// What a piece of a text is a piece of.
pub(super) struct PieceOrigin<'a> {
    /// The text as written.
    pub(super) source: SourceId,
    /// The text as parsed.
    pub(super) clean: &'a Clean,
    /// Where the piece begins in it.
    pub(super) base: usize,
    /// What the text is part of.
    pub(super) file: FileKind,
}

/// All nodes of a document.
pub(super) fn blocks(
    origin: &PieceOrigin<'_>,
    document: &KdlDocument,
    findings: &mut Vec<Finding>,
) -> Vec<Block> {
    Converter { origin, findings }.blocks(document)
}

struct Converter<'a> {
    origin: &'a PieceOrigin<'a>,
    findings: &'a mut Vec<Finding>,
}

impl Converter<'_> {
    fn span(&self, start: usize, length: usize) -> Span {
        let start = self.origin.base + start;
        let written = self.origin.clean.written(start, start + length);
        Span { source: self.origin.source, start: written.start, end: written.end }
    }

    fn blocks(&mut self, document: &KdlDocument) -> Vec<Block> {
        let named = document.nodes().iter().filter(|node| node.name().value() != NAMELESS);
        named.map(|node| self.block(node)).collect()
    }

    fn block(&mut self, node: &KdlNode) -> Block {
        let name = node.name();
        let name_span = self.span(name.span().offset(), name.span().len());
        let mut block = Block {
            name: Spanned::new(name.value().to_owned(), name_span),
            args: Vec::new(),
            props: Vec::new(),
            children: Vec::new(),
            span: self.span(node.span().offset(), node.span().len()),
        };
        if let Some(annotation) = node.ty() {
            let span = self.span(annotation.span().offset(), annotation.span().len());
            self.findings.push(
                Finding::error("stray-annotation", "a word takes no annotation", span)
                    .help("Annotations such as (env) stand before a value."),
            );
        }
        for entry in node.entries() {
            self.entry(&mut block, entry);
        }
        block.children = node.children().map_or_else(Vec::new, |children| self.blocks(children));
        block
    }

    fn entry(&mut self, block: &mut Block, entry: &KdlEntry) {
        let whole = entry.span();
        let end = whole.offset() + whole.len();
        let start = entry
            .name()
            .map_or(whole.offset(), |name| name.span().offset() + name.span().len() + 1);
        let span = self.span(start, end.saturating_sub(start));
        let value = Spanned::new(self.value(entry, span), span);
        let Some(name) = entry.name() else {
            block.args.push(value);
            return;
        };
        let name = Spanned::new(
            name.value().to_owned(),
            self.span(name.span().offset(), name.span().len()),
        );
        match block.props.iter().find(|(known, _)| known.value == name.value) {
            Some((known, _)) => self.findings.push(
                Finding::error(
                    "said-twice",
                    format!("`{}=` stands here twice", name.value),
                    name.span,
                )
                .also(known.span, "first here")
                .help("Keep one of them."),
            ),
            None => block.props.push((name, value)),
        }
    }

    fn value(&mut self, entry: &KdlEntry, span: Span) -> Value {
        let plain = match entry.value() {
            KdlValue::String(text) => Value::Text(text.clone()),
            KdlValue::Integer(number) => {
                Value::Integer(i64::try_from(*number).unwrap_or_else(|_| {
                    self.refuse_number("is too large for a number", span);
                    0
                }))
            }
            KdlValue::Float(number) if number.is_finite() => Value::Float(*number),
            KdlValue::Float(_) => {
                self.refuse_number("is no finite number", span);
                Value::Float(0.0)
            }
            KdlValue::Bool(flag) => Value::Bool(*flag),
            KdlValue::Null => Value::Null,
        };
        match entry.ty() {
            None => plain,
            Some(annotation) => {
                let place = self.span(annotation.span().offset(), annotation.span().len());
                self.annotated(annotation.value(), plain, place, span)
            }
        }
    }

    fn refuse_number(&mut self, why: &str, span: Span) {
        self.findings.push(Finding::error("bad-number", format!("this {why}"), span));
    }

    fn annotated(&mut self, annotation: &str, plain: Value, place: Span, span: Span) -> Value {
        let Some(kind) = Annotation::ALL.iter().find(|(word, _)| *word == annotation) else {
            self.findings.push(self.unknown_annotation(annotation, place));
            return Value::Secret(SecretSource::Env(String::new()));
        };
        let Value::Text(text) = plain else {
            let message = format!("({annotation}) is followed by text");
            self.findings.push(
                Finding::error("wrong-type", message, span)
                    .help(format!("Write ({annotation})\"…\".")),
            );
            return Value::Secret(SecretSource::Env(String::new()));
        };
        match kind.1 {
            Annotation::Knob if self.origin.file == FileKind::Stack => {
                self.findings.push(
                    Finding::error("stray-annotation", "(knob) stands in modules only", place)
                        .help("For a secret write (env)\"NAME\"."),
                );
                Value::Knob(text)
            }
            Annotation::Knob => Value::Knob(text),
            Annotation::Env => Value::Secret(SecretSource::Env(text)),
            Annotation::Exec => Value::Secret(SecretSource::Exec(text)),
            Annotation::File => Value::Secret(SecretSource::File(text)),
            Annotation::Sops => self.sops(&text, span),
            Annotation::Generate => self.generated(&text, span),
        }
    }

    fn unknown_annotation(&self, annotation: &str, place: Span) -> Finding {
        let words = || {
            Annotation::ALL
                .iter()
                .map(|(word, _)| *word)
                .filter(|word| *word != "knob" || self.origin.file == FileKind::Module)
        };
        let finding = Finding::error(
            "unknown-annotation",
            format!("there is no annotation ({annotation})"),
            place,
        );
        match closest(annotation, words()) {
            Some(near) => finding.help(format!("Did you mean ({near})?")).fix(place, near),
            None => finding.help(format!(
                "There are: {}.",
                words().map(|word| format!("({word})")).collect::<Vec<_>>().join(", ")
            )),
        }
    }

    fn sops(&mut self, text: &str, span: Span) -> Value {
        match text.split_once('#') {
            Some((file, key)) if !file.is_empty() && !key.is_empty() => {
                Value::Secret(SecretSource::Sops { file: file.to_owned(), key: key.to_owned() })
            }
            Some(_) | None => {
                self.findings.push(
                    Finding::error("bad-secret", "(sops) names a file and a key in it", span)
                        .help("Write (sops)\"secrets.yaml#jellyfin.api-key\"."),
                );
                Value::Secret(SecretSource::Sops { file: text.to_owned(), key: String::new() })
            }
        }
    }

    /// `hex=32` or `length=40`.
    fn generated(&mut self, text: &str, span: Span) -> Value {
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
        self.findings.push(
            Finding::error("bad-secret", "(generate) is followed by a kind and a length from 8 to 1024", span)
                .help("Write (generate)\"length=40\" for letters and digits, (generate)\"hex=32\" for hexadecimal."),
        );
        Value::Secret(SecretSource::Generate { alphabet: Alphabet::Alphanumeric, length: 40 })
    }
}

/// What may stand before a value.
#[derive(Clone, Copy)]
enum Annotation {
    Env,
    Exec,
    File,
    Generate,
    Knob,
    Sops,
}

impl Annotation {
    const ALL: [(&'static str, Self); 6] = [
        ("env", Self::Env),
        ("exec", Self::Exec),
        ("file", Self::File),
        ("generate", Self::Generate),
        ("knob", Self::Knob),
        ("sops", Self::Sops),
    ];
}
