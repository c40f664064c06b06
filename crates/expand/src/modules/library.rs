//! The modules of a run: those in the binary, and those in the folder beside the stack, which add to them
//! or take their place.

use std::collections::BTreeMap;

use stackctl_lang::{FileError, Files, Module, Sources, read_module};
use stackctl_model::{Finding, Span};

use super::embedded::{EMBEDDED, Embedded};
use super::inherit::{Resolved, resolve};
use crate::app::knob_values::key_of;
use crate::parts::PART_NAMES;
use crate::templates::engine::{TemplateText, Templates};

/// What the folder of embedded modules is called in messages.
const EMBEDDED_FOLDER: &str = "stackctl:modules";

/// What stands before the names of a module, and of its templates, whose place another has taken.
const REPLACED_PREFIX: &str = "stackctl:modules/";

/// All modules, with what they inherit, ready to render.
#[derive(Debug)]
pub struct Library {
    modules: BTreeMap<String, Resolved>,
    /// Modules that are there but cannot be used; why was said when the library was read.
    broken: Vec<String>,
    /// Their templates.
    pub(crate) templates: Templates,
}

/// Modules and templates as read, before anything is merged.
#[derive(Default)]
struct Reading {
    modules: BTreeMap<String, Module>,
    templates: BTreeMap<String, TemplateText>,
    broken: Vec<String>,
    findings: Vec<Finding>,
}

impl Library {
    /// The modules in the binary, for who only asks about them: their texts are not kept.
    pub fn embedded() -> Self {
        let mut reading = Reading::default();
        reading.add_embedded(&mut Sources::default());
        // A test holds that nothing is found in them.
        reading.finish().0
    }

    /// The modules in the binary and those in `folder/*/module.kdl`; a module of the folder takes the
    /// place of the embedded one with its name, which it may extend.
    pub fn with_folder(
        files: &dyn Files,
        folder: &str,
        sources: &mut Sources,
    ) -> (Self, Vec<Finding>) {
        let mut reading = Reading::default();
        reading.add_embedded(sources);
        match files.glob(&format!("{folder}/*/module.kdl")) {
            Ok(paths) => {
                for path in paths {
                    reading.add_module(files, &path, sources);
                }
            }
            Err(error) => reading.findings.push(unreadable(&error, Span::default())),
        }
        reading.finish()
    }

    /// Names of all modules.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.modules.keys().map(String::as_str)
    }

    /// One line about a module.
    pub fn doc_of(&self, module: &str) -> Option<&str> {
        self.modules.get(module).map(|resolved| resolved.doc.as_str())
    }

    /// A module with all it inherits.
    pub(crate) fn module(&self, name: &str) -> Option<&Resolved> {
        self.modules.get(name)
    }

    /// Whether a module is there but cannot be used.
    pub(crate) fn is_broken(&self, name: &str) -> bool {
        self.broken.iter().any(|broken| broken == name)
    }
}

impl Reading {
    fn add_embedded(&mut self, sources: &mut Sources) {
        for (path, _) in EMBEDDED.iter().filter(|(path, _)| path.ends_with("/module.kdl")) {
            self.add_module(&Embedded, &format!("{EMBEDDED_FOLDER}/{path}"), sources);
        }
    }

    fn add_module(&mut self, files: &dyn Files, path: &str, sources: &mut Sources) {
        let (module, findings) = read_module(files, path, sources);
        self.findings.extend(findings);
        let folder = path.strip_suffix("/module.kdl").unwrap_or(path);
        let Some(mut module) = module else {
            self.broken.push(folder.rsplit('/').next().unwrap_or(folder).to_owned());
            return;
        };
        self.check_part_names(&module);
        let name = module.name.value.clone();
        if module.extends.as_ref().is_some_and(|base| base.value == name) {
            self.keep_replaced(&mut module);
        }
        for template in &module.templates {
            let path = format!("{folder}/{}", template.file.value);
            match files.read(&path) {
                Ok(text) => {
                    let source = sources.add(path, text.clone());
                    let name = format!("{name}/{}", template.file.value);
                    let replaced = self.templates.contains_key(&format!("{REPLACED_PREFIX}{name}"));
                    let replaced_prefix = replaced.then_some(REPLACED_PREFIX);
                    let text = TemplateText { name: name.clone(), text, source, replaced_prefix };
                    self.templates.insert(name, text);
                }
                Err(error) => self.findings.push(unreadable(&error, template.file.span)),
            }
        }
        self.modules.insert(name, module);
    }

    /// A knob that templates could not see, since a part of theirs has its name.
    fn check_part_names(&mut self, module: &Module) {
        for knob in &module.knobs {
            let key = key_of(&knob.name);
            if PART_NAMES.contains(&key.as_str()) {
                let message = format!(
                    "knob `{}` is named like `{key}`, which every template is handed ready-made",
                    knob.name
                );
                let finding = Finding::error("reserved-name", message, knob.span);
                self.findings.push(finding.help(format!(
                    "Name it otherwise, as in `{}-{}`.",
                    module.name.value, knob.name
                )));
            }
        }
    }

    /// A module that extends the one whose place it takes: that one goes on under another name. Its
    /// templates keep the old name too, since others extend them by it; the new module's take it over.
    fn keep_replaced(&mut self, module: &mut Module) {
        let name = module.name.value.clone();
        let Some(mut replaced) = self.modules.remove(&name) else { return };
        let kept = format!("{REPLACED_PREFIX}{name}");
        for template in &replaced.templates {
            let old = format!("{name}/{}", template.file.value);
            if let Some(mut text) = self.templates.get(&old).cloned() {
                text.name = format!("{kept}/{}", template.file.value);
                self.templates.insert(text.name.clone(), text);
            }
        }
        replaced.name.value.clone_from(&kept);
        self.modules.insert(kept.clone(), replaced);
        if let Some(base) = &mut module.extends {
            base.value = kept;
        }
    }

    fn finish(mut self) -> (Library, Vec<Finding>) {
        let mut resolved = BTreeMap::new();
        for (name, module) in &self.modules {
            match resolve(module, &self.modules, &mut self.findings) {
                Some(module) => {
                    if !name.starts_with(REPLACED_PREFIX) {
                        resolved.insert(name.clone(), module);
                    }
                }
                None => self.broken.push(name.clone()),
            }
        }
        let texts = self.templates.into_values().collect();
        let templates = Templates::compile(texts, &mut self.findings);
        (Library { modules: resolved, broken: self.broken, templates }, self.findings)
    }
}

fn unreadable(error: &FileError, span: Span) -> Finding {
    Finding::error(
        "unreadable-file",
        format!("{} cannot be read: {}", error.path, error.reason),
        span,
    )
}
