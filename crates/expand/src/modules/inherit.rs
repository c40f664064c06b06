//! Inheritance: a module with all it extends merged in, base first.

use std::collections::BTreeMap;

use stackctl_lang::{Block, Knob, Module, Template};
use stackctl_model::{Finding, Spanned, closest};

/// A module with everything it inherits.
#[derive(Clone, Debug)]
pub(crate) struct Resolved {
    /// Its name.
    pub(crate) name: String,
    /// One line for people.
    pub(crate) doc: String,
    /// Every knob, base's first; one declared again takes the place of the inherited one.
    pub(crate) knobs: Vec<Knob>,
    /// The same, none required, for checking lines that are only a part of what is said.
    pub(crate) optional: Vec<Knob>,
    /// `set` lines, one list per module of the chain, base first.
    pub(crate) sets: Vec<Vec<Block>>,
    /// Templates, base's first.
    pub(crate) templates: Vec<ResolvedTemplate>,
    /// `patch` blocks, base's first.
    pub(crate) patches: Vec<Block>,
}

/// A template as the engine knows it.
#[derive(Clone, Debug)]
pub(crate) struct ResolvedTemplate {
    /// File name, by which a derived module replaces it.
    pub(crate) file: String,
    /// `MODULE/FILE`.
    pub(crate) name: String,
    /// The knob that must be set for it to render.
    pub(crate) when: Option<String>,
}

impl Resolved {
    /// A knob by its word.
    pub(crate) fn knob(&self, word: &str) -> Option<&Knob> {
        self.knobs.iter().find(|knob| knob.name == word)
    }
}

/// Merges a module with all it extends. `None`, with a finding, when a base is unknown or a cycle is met.
pub(crate) fn resolve(
    module: &Module,
    modules: &BTreeMap<String, Module>,
    findings: &mut Vec<Finding>,
) -> Option<Resolved> {
    let chain = chain(module, modules, findings)?;
    let mut resolved = Resolved {
        name: module.name.value.clone(),
        doc: module.doc.clone(),
        knobs: Vec::new(),
        optional: Vec::new(),
        sets: Vec::new(),
        templates: Vec::new(),
        patches: Vec::new(),
    };
    for link in chain.iter().rev() {
        for knob in &link.knobs {
            let inherited = resolved.knob(&knob.name).map(|inherited| &inherited.effects);
            let effects =
                inherited.map_or(knob.effects.clone(), |base| knob.effects.clone().or(base));
            let knob = Knob { effects, ..knob.clone() };
            replace_or_push(&mut resolved.knobs, knob, |a, b| a.name == b.name);
        }
        for template in &link.templates {
            add_template(&mut resolved.templates, &link.name.value, template);
        }
        resolved.sets.push(link.sets.clone());
        resolved.patches.extend(link.patches.iter().cloned());
    }
    resolved.optional =
        resolved.knobs.iter().map(|knob| Knob { required: false, ..knob.clone() }).collect();
    check_words(&chain, &resolved, findings);
    Some(resolved)
}

fn add_template(templates: &mut Vec<ResolvedTemplate>, module: &str, template: &Template) {
    let file = template.file.value.clone();
    let inherited = templates.iter().find(|known| known.file == file);
    let when = template
        .when
        .as_ref()
        .map(|when| when.value.clone())
        .or_else(|| inherited.and_then(|known| known.when.clone()));
    let resolved = ResolvedTemplate { name: format!("{module}/{file}"), file, when };
    replace_or_push(templates, resolved, |a, b| a.file == b.file);
}

fn replace_or_push<T>(list: &mut Vec<T>, new: T, same: impl Fn(&T, &T) -> bool) {
    match list.iter_mut().find(|old| same(old, &new)) {
        Some(old) => *old = new,
        None => list.push(new),
    }
}

/// The module and its bases, itself first.
fn chain<'a>(
    module: &'a Module,
    modules: &'a BTreeMap<String, Module>,
    findings: &mut Vec<Finding>,
) -> Option<Vec<&'a Module>> {
    let mut chain = vec![module];
    let mut current = module;
    while let Some(base) = &current.extends {
        let Some(next) = modules.get(&base.value) else {
            findings.push(unknown_base(base, modules));
            return None;
        };
        if chain.iter().any(|link| link.name.value == next.name.value) {
            let path: Vec<&str> = chain
                .iter()
                .map(|link| link.name.value.as_str())
                .chain([next.name.value.as_str()])
                .collect();
            findings.push(
                Finding::error(
                    "module-cycle",
                    format!("modules extend each other in a circle: {}", path.join(" → ")),
                    base.span,
                )
                .help("Let one of them extend nothing, or `app`."),
            );
            return None;
        }
        chain.push(next);
        current = next;
    }
    Some(chain)
}

fn unknown_base(base: &Spanned<String>, modules: &BTreeMap<String, Module>) -> Finding {
    let finding = Finding::error(
        "unknown-module",
        format!("there is no module `{}` to extend", base.value),
        base.span,
    );
    match closest(&base.value, modules.keys().map(String::as_str)) {
        Some(near) => finding.help(format!("Did you mean `{near}`?")).fix(base.span, near),
        None => finding.help(format!(
            "Known modules: {}.",
            modules.keys().cloned().collect::<Vec<_>>().join(", ")
        )),
    }
}

/// `set` and `when` must name knobs.
fn check_words(chain: &[&Module], resolved: &Resolved, findings: &mut Vec<Finding>) {
    let words = || resolved.knobs.iter().map(|knob| knob.name.as_str());
    let Some(link) = chain.first() else { return };
    let sets = link.sets.iter().map(|set| (&set.name, "set"));
    let whens = link.templates.iter().filter_map(|template| template.when.as_ref());
    for (word, place) in sets.chain(whens.map(|when| (when, "when"))) {
        if resolved.knob(&word.value).is_some() {
            continue;
        }
        let finding = Finding::error(
            "unknown-knob",
            format!(
                "`{place}` names `{}`, which is no knob of module {}",
                word.value, resolved.name
            ),
            word.span,
        );
        findings.push(match closest(&word.value, words()) {
            Some(near) => finding.help(format!("Did you mean `{near}`?")).fix(word.span, near),
            None => finding.help(format!("Declare it: `knob {} type=…`.", word.value)),
        });
    }
}
