//! One app to its objects: layers merged, knobs read, templates rendered, patches applied.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};
use stackctl_lang::{App, Block, LayerKind, Names, Sources, Stack, check_blocks};
use stackctl_model::{Finding, Origin, Scope, SecretSource, Severity, known_kind};

use super::effects::{AppKnobs, effects_of, variables};
use super::findings::{nothing_to_patch, unknown_module, unknown_word};
use super::knob_values::{key_of, read_values, secret_name};
use super::merge::{Merged, Merger};
use super::patch::{children_to_json, merge_patch};
use super::placeholders::Placeholders;
use crate::expanded_app::{AppObject, ExpandedApp};
use crate::modules::inherit::{Resolved, ResolvedTemplate};
use crate::modules::library::Library;
use crate::parts::{PartsInput, TemplateContext, context};
use crate::templates::engine::context_of;

/// What all apps of a stack share while they are expanded.
struct Expander<'a> {
    stack: &'a Stack,
    library: &'a Library,
    sources: &'a Sources,
    names: Names,
    findings: &'a mut Vec<Finding>,
}

/// An app whose knobs are read, while its templates render.
struct Rendering<'a> {
    app: &'a App,
    module: &'a Resolved,
    merged: &'a Merged,
    seen: &'a TemplateContext,
}

/// Expands all apps, in the order of the file. An app with a mistake is left out or incomplete.
pub(crate) fn expand_apps(
    stack: &Stack,
    library: &Library,
    sources: &Sources,
    findings: &mut Vec<Finding>,
) -> Vec<ExpandedApp> {
    let mut found = Vec::new();
    let mut expander =
        Expander { stack, library, sources, names: stack.names.clone(), findings: &mut found };
    expander.check_groups();
    let apps = stack.apps.iter().filter_map(|app| expander.expand(app)).collect();
    for finding in found {
        // A line of a group or of the defaults is met once per app.
        if !findings.contains(&finding) {
            findings.push(finding);
        }
    }
    apps
}

impl Expander<'_> {
    fn expand(&mut self, app: &App) -> Option<ExpandedApp> {
        let Some(module) = self.library.module(&app.module.value) else {
            if !self.library.is_broken(&app.module.value) {
                self.findings.push(unknown_module(app, self.library));
            }
            return None;
        };
        let before = self.findings.len();
        self.check(app, module);
        let placeholders = Placeholders { stack: self.stack, app: &app.name.value };
        let merged = self.merge(app, module, &placeholders);
        let read = read_values(&placeholders, module, &merged, self.findings);
        self.check_required(app, module, &read.values);
        let seen = self.template_context(app, module, &merged, &read.values);
        let wrong = |found: &Finding| found.severity == Severity::Error;
        let is_sound = !self.findings.iter().skip(before).any(wrong);
        let settled = self.findings.len();
        let mut objects = self.render(&Rendering { app, module, merged: &merged, seen: &seen });
        if !is_sound {
            // What a template says of a value that is wrong or missing only follows from that.
            self.findings.truncate(settled);
        }
        self.patch(app, module, &merged, &mut objects);
        if !read.secrets.is_empty() {
            objects.push(self.secret(app, read.secrets));
        }
        let blocks = winning_blocks(merged);
        let effects = effects_of(&AppKnobs {
            app: &app.name.value,
            span: app.span,
            knobs: &module.knobs,
            blocks: &blocks,
            values: &read.values,
        });
        Some(ExpandedApp {
            name: app.name.value.clone(),
            span: app.span,
            values: read.values,
            blocks,
            effects,
            claims: seen.claims,
            objects,
        })
    }

    fn template_context(
        &mut self,
        app: &App,
        module: &Resolved,
        merged: &Merged,
        values: &Map<String, Value>,
    ) -> TemplateContext {
        let input = PartsInput {
            stack: self.stack,
            app: &app.name.value,
            span: app.span,
            values,
            variables: &variables(&module.knobs, values),
            merged,
            sources: self.sources,
        };
        context(&input, self.findings)
    }

    /// Checks each layer's words; those of defaults and groups only when the module knows them.
    fn check(&mut self, app: &App, module: &Resolved) {
        for layer in &app.layers {
            let findings = match &layer.kind {
                LayerKind::Own => check_blocks(&layer.blocks, &module.optional, &self.names),
                LayerKind::Defaults | LayerKind::Group(_) => {
                    let known: Vec<Block> = layer
                        .blocks
                        .iter()
                        .filter(|block| module.knob(&block.name.value).is_some())
                        .cloned()
                        .collect();
                    check_blocks(&known, &module.optional, &self.names)
                }
            };
            self.findings.extend(findings);
        }
    }

    /// A word in a group that no app of the group knows is a mistake.
    fn check_groups(&mut self) {
        let mut known: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        let mut blocks: BTreeMap<&str, &[Block]> = BTreeMap::new();
        for app in &self.stack.apps {
            for layer in &app.layers {
                let LayerKind::Group(group) = &layer.kind else { continue };
                blocks.insert(group, &layer.blocks);
                let words = known.entry(group).or_default();
                match self.library.module(&app.module.value) {
                    Some(module) => {
                        words.extend(module.knobs.iter().map(|knob| knob.name.as_str()));
                    }
                    // Its module is a finding of its own; what it would know is not known.
                    None => {
                        words.extend(layer.blocks.iter().map(|block| block.name.value.as_str()));
                    }
                }
            }
        }
        for (group, blocks) in blocks {
            let words = known.remove(group).unwrap_or_default();
            for block in blocks.iter().filter(|block| !words.contains(block.name.value.as_str())) {
                self.findings.push(unknown_word(group, block, &words));
            }
        }
    }

    fn merge(&mut self, app: &App, module: &Resolved, placeholders: &Placeholders<'_>) -> Merged {
        let mut merger = Merger::default();
        for sets in &module.sets {
            let filled: Vec<Block> =
                sets.iter().map(|set| placeholders.fill(set, self.findings)).collect();
            merger.add(&module.knobs, &filled, true);
        }
        for layer in &app.layers {
            merger.add(&module.knobs, &layer.blocks, false);
        }
        merger.finish()
    }

    fn check_required(&mut self, app: &App, module: &Resolved, values: &Map<String, Value>) {
        for knob in module.knobs.iter().filter(|knob| knob.required) {
            if values.get(&key_of(&knob.name)).is_none_or(Value::is_null) {
                let message = format!("app {} needs `{}`", app.name.value, knob.name);
                self.findings.push(
                    Finding::error("missing-word", message, app.name.span)
                        .help(format!("{}: write `{} …` in its block.", knob.doc, knob.name)),
                );
            }
        }
    }

    fn render(&mut self, rendering: &Rendering<'_>) -> Vec<AppObject> {
        let Rendering { app, module, seen, .. } = rendering;
        let context = context_of(&seen.values);
        let mut objects = Vec::new();
        for template in module.templates.iter().filter(|one| renders(one, &seen.values)) {
            // One that did not compile was said when the library was read.
            if !self.library.templates.contains(&template.name) {
                continue;
            }
            match self.library.templates.render(&template.name, &context) {
                Ok(values) => {
                    for value in values {
                        objects.extend(self.object(rendering, template, value));
                    }
                }
                Err(error) => {
                    let asked = format!("asked for by app {}", app.name.value);
                    self.findings.push(error.finding.also(app.name.span, asked));
                }
            }
        }
        objects
    }

    fn object(
        &mut self,
        rendering: &Rendering<'_>,
        template: &ResolvedTemplate,
        mut value: Value,
    ) -> Option<AppObject> {
        let app = rendering.app;
        if let Some(missing) = missing_field(&value) {
            let message = format!("template {} makes an object without {missing}", template.name);
            self.findings.push(
                Finding::error("broken-object", message, app.name.span)
                    .here(format!("asked for by app {}", app.name.value)),
            );
            return None;
        }
        self.complete(app, &mut value);
        let origin = self.origin(rendering, template, &value);
        Some(AppObject { value, secrets: BTreeMap::new(), origin })
    }

    /// The line that asks for an object: of a claim its volume's, else the one its template waits for.
    fn origin(
        &self,
        rendering: &Rendering<'_>,
        template: &ResolvedTemplate,
        value: &Value,
    ) -> Origin {
        let is_claim = value["kind"] == "PersistentVolumeClaim";
        let mut claims = rendering.seen.claims.iter().filter(|_| is_claim);
        if let Some(claim) = claims.find(|claim| value["metadata"]["name"] == *claim.name) {
            return claim.origin.clone();
        }
        let said = rendering.merged.get(template.when.as_deref().unwrap_or_default());
        let said = said.into_iter().flatten().rev().find(|said| !said.by_module);
        self.sources.origin(said.map_or(rendering.app.span, |said| said.block.span))
    }

    /// Labels on every object, and the stack's namespace on those that live in one.
    fn complete(&self, app: &App, value: &mut Value) {
        let namespaced = value["kind"]
            .as_str()
            .and_then(known_kind)
            .is_some_and(|known| known.scope == Scope::Namespace && is_group(value, known.group));
        let Some(metadata) = value.get_mut("metadata").and_then(Value::as_object_mut) else {
            return;
        };
        if namespaced {
            metadata.entry("namespace").or_insert_with(|| json!(self.stack.namespace.value));
        }
        let labels = metadata.entry("labels").or_insert_with(|| json!({}));
        let Some(labels) = labels.as_object_mut() else { return };
        for (key, label) in [
            ("app.kubernetes.io/name", app.name.value.as_str()),
            ("app.kubernetes.io/instance", self.stack.name.value.as_str()),
            ("app.kubernetes.io/managed-by", "stackctl"),
        ] {
            labels.entry(key).or_insert_with(|| json!(label));
        }
    }

    fn secret(&self, app: &App, secrets: BTreeMap<String, SecretSource>) -> AppObject {
        let mut value = json!({
            "apiVersion": "v1",
            "kind": "Secret",
            "type": "Opaque",
            "metadata": {"name": secret_name(&app.name.value)},
        });
        self.complete(app, &mut value);
        AppObject { value, secrets, origin: self.sources.origin(app.span) }
    }

    /// The module's patches, then the stack's.
    fn patch(&mut self, app: &App, module: &Resolved, merged: &Merged, objects: &mut [AppObject]) {
        let said = merged.get("patch").into_iter().flatten().map(|said| &said.block);
        for block in module.patches.iter().chain(said) {
            let mut args = block.args.iter().filter_map(|arg| arg.value.as_text());
            let (kind, name) = (args.next().unwrap_or_default(), args.next());
            let kind = known_kind(kind).map_or(kind, |known| known.kind);
            let patch = children_to_json(block, self.findings);
            let mut met = false;
            for object in objects.iter_mut() {
                let is_kind =
                    object.value["kind"].as_str().is_some_and(|k| k.eq_ignore_ascii_case(kind));
                if is_kind && name.is_none_or(|name| object.value["metadata"]["name"] == name) {
                    merge_patch(&mut object.value, &patch);
                    met = true;
                }
            }
            if !met {
                self.findings.push(nothing_to_patch(app, block, kind, objects));
            }
        }
    }
}

fn winning_blocks(merged: Merged) -> BTreeMap<String, Vec<Block>> {
    merged
        .into_iter()
        .map(|(word, said)| (word, said.into_iter().map(|said| said.block).collect()))
        .collect()
}

/// Whether the knob a template waits for is set.
fn renders(template: &ResolvedTemplate, seen: &Map<String, Value>) -> bool {
    let Some(when) = &template.when else { return true };
    match seen.get(&key_of(when)) {
        None | Some(Value::Null | Value::Bool(false)) => false,
        Some(Value::Array(items)) => !items.is_empty(),
        Some(Value::Bool(true) | Value::Number(_) | Value::String(_) | Value::Object(_)) => true,
    }
}

fn is_group(value: &Value, group: &str) -> bool {
    let api_version = value["apiVersion"].as_str().unwrap_or_default();
    api_version.split_once('/').map_or("", |(group, _)| group) == group
}

fn missing_field(value: &Value) -> Option<&'static str> {
    if !value["apiVersion"].is_string() {
        Some("apiVersion")
    } else if !value["kind"].is_string() {
        Some("kind")
    } else if value["metadata"]["name"].as_str().is_none_or(str::is_empty) {
        Some("metadata.name")
    } else {
        None
    }
}
