//! What a knob does beside having a value: `wire=both setting=download-client opens-from=monitoring
//! pods=scan env="NAME=VALUE" secret-keys=bare` on a `knob` line.

use stackctl_model::{Finding, Span, Spanned};

use crate::check::wrong_value;
use crate::declare::{Knob, Type};
use crate::effects::{Effects, EnvVariable, SecretKeys, Wire};
use crate::types;
use crate::value::{Block, Value};

/// Reads the effects that a `knob` line declares and holds them against what the knob is.
pub(super) fn effects(line: &Block, knob: &Knob, findings: &mut Vec<Finding>) -> Effects {
    let mut reader = EffectsReader { line, knob, findings };
    Effects {
        wire: reader.wire(),
        setting: reader.setting(),
        opens_from: reader.text("opens-from", &Type::Name).map(|name| name.value),
        pods: reader.text("pods", &Type::Name).map(|name| name.value),
        env: reader.env(),
        secret_keys: reader.secret_keys(),
    }
}

struct EffectsReader<'a> {
    line: &'a Block,
    knob: &'a Knob,
    findings: &'a mut Vec<Finding>,
}

impl EffectsReader<'_> {
    /// A property of this type, when there is one and nothing is wrong with it.
    fn text(&mut self, prop: &str, kind: &Type) -> Option<Spanned<String>> {
        let written = self.line.prop(prop)?;
        if let Err(wrong) = types::check(kind, &written.value) {
            self.findings.push(wrong_value(wrong, written.span));
            return None;
        }
        match &written.value {
            Value::Text(text) => Some(Spanned::new(text.clone(), written.span)),
            // A secret or another knob's value is known only for an app; a declaration holds for all.
            Value::Null
            | Value::Bool(_)
            | Value::Integer(_)
            | Value::Float(_)
            | Value::Secret(_)
            | Value::Knob(_) => {
                self.wrong(written.span, format!("`{prop}` is no text"), "Write a plain word.");
                None
            }
        }
    }

    /// A property that is one of some words.
    fn one_of<T: Copy>(&mut self, prop: &str, words: &[(&str, T)]) -> Option<Spanned<T>> {
        let kind = Type::OneOf(words.iter().map(|(word, _)| (*word).to_owned()).collect());
        let text = self.text(prop, &kind)?;
        let (_, meant) = words.iter().find(|(word, _)| *word == text.value)?;
        Some(Spanned::new(*meant, text.span))
    }

    fn wire(&mut self) -> Option<Wire> {
        let wire = self.one_of("wire", &Wire::WORDS)?;
        if !self.knob.names_apps() {
            let message = format!("`{}` names no app that could be connected", self.knob.name);
            self.wrong(wire.span, message, "Give it, or a part of it, the type ref<app>.");
            return None;
        }
        Some(wire.value)
    }

    fn setting(&mut self) -> Option<String> {
        let setting = self.text("setting", &Type::Text)?;
        let is_word = |word: &str| types::check(&Type::Name, &Value::Text(word.to_owned())).is_ok();
        if !setting.value.split('/').all(is_word) {
            let message = format!("{:?} is no name of a setting", setting.value);
            let help = "Write lower-case words, as in `setting=download-client`.";
            self.wrong(setting.span, message, help);
            return None;
        }
        Some(setting.value)
    }

    fn env(&mut self) -> Option<EnvVariable> {
        let written = self.text("env", &Type::Text)?;
        let (name, value) = match written.value.split_once('=') {
            Some((name, value)) => (name, Some(value.to_owned())),
            None => (written.value.as_str(), None),
        };
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
        if name.is_empty() || !name.chars().all(is_plain) {
            let message = format!("{name:?} is no name of an environment variable");
            self.wrong(written.span, message, "Write `env=NAME`, or `env=\"NAME=VALUE\"`.");
            return None;
        }
        if value.is_none() && !self.knob.is_single_value() {
            let message =
                format!("`{}` has no single value that {name} could have", self.knob.name);
            let help = format!("Say which it gets: `env=\"{name}=VALUE\"`.");
            self.wrong(written.span, message, &help);
            return None;
        }
        Some(EnvVariable { name: name.to_owned(), value })
    }

    fn secret_keys(&mut self) -> Option<SecretKeys> {
        let keys = self.one_of("secret-keys", &SecretKeys::WORDS)?;
        if !self.knob.shape.open_props {
            let message = format!("`{}` has no free properties", self.knob.name);
            self.wrong(keys.span, message, "Write `props-open` between its braces.");
            return None;
        }
        Some(keys.value)
    }

    fn wrong(&mut self, span: Span, message: String, help: &str) {
        self.findings.push(Finding::error("wrong-effect", message, span).help(help));
    }
}
