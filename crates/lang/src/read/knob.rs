//! One knob of a module: `knob NAME type=TYPE default=… required=#true repeat=#true doc="…" { … }`.

use stackctl_model::{Finding, Spanned, closest};

use super::effects::effects;
use crate::check::{suggest, wrong_value};
use crate::declare::{Knob, Shape, Type};
use crate::effects::Effects;
use crate::stack::referent;
use crate::types;
use crate::value::{Block, Value};

const PROPS: [&str; 5] = ["default", "doc", "repeat", "required", "type"];
const WORDS: [&str; 5] = ["arg", "child", "children-open", "prop", "props-open"];

/// Reads declarations.
pub(super) struct KnobReader<'a> {
    pub(super) findings: &'a mut Vec<Finding>,
}

impl KnobReader<'_> {
    /// A `knob`, `arg`, `prop` or `child` line; `None` when it has no name.
    pub(super) fn knob(&mut self, line: &Block) -> Option<Knob> {
        let name =
            line.args.first().and_then(|arg| Some((arg.value.as_text()?.to_owned(), arg.span)));
        let Some((name, span)) = name else {
            let message = format!("this `{}` has no name", line.name.value);
            let finding = Finding::error("missing-value", message, line.name.span);
            self.findings.push(
                finding.help(format!("Write `{} NAME type=text doc=\"…\"`.", line.name.value)),
            );
            return None;
        };
        self.check_props(line);
        let kind = self.kind(line);
        let shape = self.shape(line, &kind);
        let mut knob = Knob {
            name,
            doc: line
                .prop("doc")
                .and_then(|doc| doc.value.as_text())
                .unwrap_or_default()
                .to_owned(),
            default: self.default(line, &kind),
            kind,
            required: self.flag(line, "required"),
            repeat: self.flag(line, "repeat"),
            shape,
            effects: Effects::default(),
            span,
        };
        if line.name.value == "knob" {
            knob.effects = effects(line, &knob, self.findings);
        }
        if knob.required
            && let Some(default) = &knob.default
        {
            let message = format!("`{}` is required, so its default never holds", knob.name);
            let finding = Finding::error("conflicting-properties", message, default.span);
            self.findings.push(finding.help("Keep one of default= and required=."));
        }
        Some(knob)
    }

    /// Only a knob as a whole does anything, so `arg`, `prop` and `child` have no such properties.
    fn check_props(&mut self, line: &Block) {
        let effects = if line.name.value == "knob" { &Effects::PROPS[..] } else { &[] };
        let known = || PROPS.iter().chain(effects).copied();
        for (prop, _) in
            line.props.iter().filter(|(prop, _)| known().all(|word| word != prop.value))
        {
            let message = format!("`{}` has no property `{}`", line.name.value, prop.value);
            let finding = Finding::error("unknown-property", message, prop.span);
            self.findings.push(suggest(finding, prop, known()));
        }
    }

    /// `type=`; a line with braces is a block when it says none.
    fn kind(&mut self, line: &Block) -> Type {
        let is_block = !line.children.is_empty();
        let Some(written) = line.prop("type") else {
            if !is_block {
                let message = format!("this `{}` has no type", line.name.value);
                let finding = Finding::error("missing-property", message, line.name.span);
                self.findings.push(finding.help("Write type=text, or another type."));
            }
            return if is_block { Type::Block } else { Type::Any };
        };
        let text = written.value.as_text().unwrap_or_default();
        match Type::parse(text, |word| referent(word).is_some()) {
            Ok(kind) => kind,
            Err(word) => {
                let finding = Finding::error(
                    "unknown-type",
                    format!("there is no type `{word}`"),
                    written.span,
                );
                self.findings.push(match closest(&word, Type::words()) {
                    Some(near) => finding.help(format!("Did you mean `{near}`?")),
                    None => finding
                        .help(format!("Types: {}.", Type::words().collect::<Vec<_>>().join(", ")))
                        .help("Also a|b for one of these words, and range<…>, list<…>, ref<…> of a type."),
                });
                if is_block { Type::Block } else { Type::Any }
            }
        }
    }

    fn default(&mut self, line: &Block, kind: &Type) -> Option<Spanned<Value>> {
        let default = line.prop("default")?;
        let is_filled_later = default.value.as_text().is_some_and(|text| text.contains("{{"));
        let is_checked =
            !is_filled_later && !matches!(default.value, Value::Secret(_) | Value::Knob(_));
        if is_checked && let Err(wrong) = types::check(kind, &default.value) {
            self.findings.push(wrong_value(wrong, default.span));
        }
        Some(default.clone())
    }

    fn flag(&mut self, line: &Block, name: &str) -> bool {
        let Some(written) = line.prop(name) else { return false };
        if let Err(wrong) = types::check(&Type::Bool, &written.value) {
            self.findings.push(wrong_value(wrong, written.span));
        }
        written.value == Value::Bool(true)
    }

    fn shape(&mut self, line: &Block, kind: &Type) -> Shape {
        let mut shape = Shape::default();
        if *kind != Type::Block
            && let Some(first) = line.children.first()
        {
            let message = format!("only a block has a shape, and this is {kind}");
            let finding = Finding::error("wrong-type", message, first.name.span);
            self.findings.push(finding.help("Leave out type=, or write type=block."));
        }
        for word in &line.children {
            match word.name.value.as_str() {
                "arg" => shape.args.extend(self.knob(word)),
                "prop" => shape.props.extend(self.knob(word)),
                "child" => shape.children.extend(self.knob(word)),
                "props-open" => shape.open_props = true,
                "children-open" => shape.open_children = true,
                other => {
                    let message = format!("a shape has no word `{other}`");
                    let finding = Finding::error("unknown-block", message, word.name.span);
                    self.findings.push(suggest(finding, &word.name, WORDS.into_iter()));
                }
            }
        }
        shape
    }
}
