//! `module.kdl`: `module NAME extends=X { doc "…"; knob …; set …; template …; patch … }`.

use stackctl_model::{Finding, Severity, SourceId, Span, Spanned};

use super::in_order::in_order;
use super::knob::KnobReader;
use crate::check::suggest;
use crate::declare::Knob;
use crate::module::{Module, Template};
use crate::source::{Files, Sources};
use crate::syntax::{FileKind, parse};
use crate::value::{Block, Value};

/// Words of a module.
const WORDS: [&str; 5] = ["doc", "knob", "patch", "set", "template"];

/// Reads one `module.kdl`. `None` when it cannot be read or declares no module.
pub fn read_module(
    files: &dyn Files,
    path: &str,
    sources: &mut Sources,
) -> (Option<Module>, Vec<Finding>) {
    let text = match files.read(path) {
        Ok(text) => text,
        Err(error) => {
            let message = format!("{} cannot be read: {}", error.path, error.reason);
            return (None, vec![Finding::new("unreadable-file", Severity::Error, message)]);
        }
    };
    let source = sources.add(path, text.clone());
    let parsed = parse(source, &text, FileKind::Module);
    let mut reader = ModuleReader { source, findings: parsed.findings };
    let module = parsed.blocks.and_then(|blocks| reader.file(&blocks));
    (module, in_order(reader.findings))
}

struct ModuleReader {
    source: SourceId,
    findings: Vec<Finding>,
}

impl ModuleReader {
    fn file(&mut self, blocks: &[Block]) -> Option<Module> {
        let mut found = None;
        for block in blocks {
            if block.name.value != "module" {
                let message = format!("`{}` stands in no module", block.name.value);
                let finding = Finding::error("unknown-block", message, block.name.span);
                self.findings.push(finding.help("A module.kdl holds one `module NAME { … }`."));
            } else if found.is_some() {
                let finding =
                    Finding::error("said-twice", "a module.kdl holds one module", block.name.span);
                self.findings.push(finding.help("Give each module a folder of its own."));
            } else {
                found = self.module(block);
            }
        }
        if blocks.is_empty() && self.findings.is_empty() {
            let place = Span { source: self.source, start: 0, end: 0 };
            let finding = Finding::error("missing-word", "this file declares no module", place);
            self.findings.push(finding.help("Write `module NAME extends=app { … }`."));
        }
        found
    }

    fn module(&mut self, block: &Block) -> Option<Module> {
        let Some(name) = block.args.first().and_then(text) else {
            let finding =
                Finding::error("missing-value", "this module has no name", block.name.span);
            self.findings.push(finding.help("Write `module NAME extends=app { … }`."));
            return None;
        };
        self.only_props(block, &["extends"]);
        let mut module = Module {
            name,
            extends: block.prop("extends").and_then(text),
            doc: String::new(),
            knobs: Vec::new(),
            sets: Vec::new(),
            templates: Vec::new(),
            patches: Vec::new(),
            span: block.span,
        };
        for line in &block.children {
            self.line(line, &mut module);
        }
        Some(module)
    }

    fn line(&mut self, line: &Block, module: &mut Module) {
        match line.name.value.as_str() {
            "doc" => match line.args.first().and_then(text) {
                Some(doc) => module.doc = doc.value,
                None => self.missing(line, "doc \"what it is\""),
            },
            "knob" => {
                let knob = KnobReader { findings: &mut self.findings }.knob(line);
                self.add_knob(knob, module);
            }
            "set" => module.sets.extend(self.set(line)),
            "template" => self.templates(line, module),
            "patch" => {
                if line.args.first().and_then(text).is_none() {
                    self.missing(line, "patch deployment { … }");
                }
                module.patches.push(line.clone());
            }
            word => {
                let message = format!("a module has no word `{word}`");
                let finding = Finding::error("unknown-block", message, line.name.span);
                self.findings.push(suggest(finding, &line.name, WORDS.into_iter()));
            }
        }
    }

    fn add_knob(&mut self, knob: Option<Knob>, module: &mut Module) {
        let Some(knob) = knob else { return };
        if let Some(first) = module.knobs.iter().find(|known| known.name == knob.name) {
            let message = format!("knob `{}` is declared twice", knob.name);
            let finding = Finding::error("duplicate-name", message, knob.span);
            self.findings.push(finding.also(first.span, "first here"));
            return;
        }
        module.knobs.push(knob);
    }

    /// `set WORD …`: the block that the stack could have written, named after its knob.
    fn set(&mut self, line: &Block) -> Option<Block> {
        let Some((Value::Text(word), span)) = line.args.first().map(|arg| (&arg.value, arg.span))
        else {
            self.missing(line, "set port 8989");
            return None;
        };
        let span_of_all = Span { start: span.start, ..line.span };
        Some(Block {
            name: Spanned::new(word.clone(), span),
            args: line.args.iter().skip(1).cloned().collect(),
            props: line.props.clone(),
            children: line.children.clone(),
            span: span_of_all,
        })
    }

    fn templates(&mut self, line: &Block, module: &mut Module) {
        self.only_props(line, &["when"]);
        let when = line.prop("when").and_then(text);
        if line.args.is_empty() {
            self.missing(line, "template \"workload.yaml.tera\"");
        }
        for file in line.args.iter().filter_map(text) {
            if file.value.is_empty()
                || file.value.split('/').any(|part| part == "..")
                || file.value.starts_with('/')
            {
                let message = format!("{:?} is no file beside module.kdl", file.value);
                self.findings.push(Finding::error("bad-path", message, file.span));
                continue;
            }
            module.templates.push(Template { file, when: when.clone() });
        }
    }

    fn only_props(&mut self, block: &Block, known: &'static [&'static str]) {
        for (name, _) in
            block.props.iter().filter(|(name, _)| !known.contains(&name.value.as_str()))
        {
            let message = format!("`{}` has no property `{}`", block.name.value, name.value);
            let finding = Finding::error("unknown-property", message, name.span);
            self.findings.push(suggest(finding, name, known.iter().copied()));
        }
    }

    fn missing(&mut self, line: &Block, example: &str) {
        let message = format!("a value behind `{}` is missing", line.name.value);
        let finding = Finding::error("missing-value", message, line.name.span);
        self.findings.push(finding.help(format!("Write `{example}`.")));
    }
}

/// A value as text, if it is text.
fn text(value: &Spanned<Value>) -> Option<Spanned<String>> {
    value.value.as_text().map(|text| Spanned::new(text.to_owned(), value.span))
}
