//! `manifest` to the objects of plain YAML files, each with the line it begins at.

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};
use stackctl_lang::{Files, Manifest, Sources, Stack};
use stackctl_model::{Finding, IdPattern, Object, SourceId, Span, Spanned, closest};

use super::builder::StackBuilder;
use super::manifest_object::ManifestObject;
use crate::yaml::yaml_to_objects;

/// Reads the files of all manifest blocks.
pub(super) fn read<'a>(
    stack: &'a Stack,
    files: &dyn Files,
    sources: &mut Sources,
    findings: &mut Vec<Finding>,
) -> Vec<ManifestObject<'a>> {
    let mut all = Vec::new();
    for manifest in &stack.manifests {
        let pattern = &manifest.pattern;
        let paths = match files.glob(&pattern.value) {
            Ok(paths) => paths,
            Err(error) => {
                findings.push(Finding::error("unreadable-file", error.to_string(), pattern.span));
                continue;
            }
        };
        if paths.is_empty() {
            let message = format!("no file matches {:?}", pattern.value);
            findings.push(
                Finding::error("no-such-file", message, pattern.span)
                    .help("Paths start at the file that names them."),
            );
        }
        for path in paths {
            match files.read(&path) {
                Ok(text) => {
                    let source = sources.add(path, text.clone());
                    read_text(manifest, (source, &text), sources, findings, &mut all);
                }
                Err(error) => {
                    findings.push(Finding::error(
                        "unreadable-file",
                        error.to_string(),
                        pattern.span,
                    ));
                }
            }
        }
    }
    all
}

fn read_text<'a>(
    manifest: &'a Manifest,
    (source, text): (SourceId, &str),
    sources: &Sources,
    findings: &mut Vec<Finding>,
    all: &mut Vec<ManifestObject<'a>>,
) {
    for (start, document) in documents(text) {
        match yaml_to_objects(document) {
            Ok(values) => {
                let span = first_line(source, text, start);
                let origin = sources.origin(span);
                for value in values.into_iter().flat_map(flatten) {
                    all.push(ManifestObject { manifest, value, origin: origin.clone(), span });
                }
            }
            Err(error) => {
                let before: usize = document
                    .split_inclusive('\n')
                    .take(error.line.saturating_sub(1))
                    .map(str::len)
                    .sum();
                let span = first_line(source, text, start + before);
                let message = format!("this is no YAML: {}", error.message);
                findings.push(
                    Finding::error("bad-yaml", message, span)
                        .also(manifest.pattern.span, "the file is named here"),
                );
            }
        }
    }
}

/// The documents of a YAML text with the byte each begins at.
fn documents(text: &str) -> Vec<(usize, &str)> {
    let mut starts = vec![0];
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let rest = line.strip_prefix("---");
        if rest.is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t', '\r', '\n'])) {
            starts.push(at);
        }
        at += line.len();
    }
    let ends = starts.iter().copied().skip(1).chain([text.len()]);
    starts
        .iter()
        .copied()
        .zip(ends)
        .filter_map(|(start, end)| Some((start, text.get(start..end)?)))
        .filter(|(_, document)| !document.trim().is_empty())
        .collect()
}

/// The first line from a byte on that says something.
fn first_line(source: SourceId, text: &str, from: usize) -> Span {
    let mut start = from;
    for line in text.get(from..).unwrap_or_default().split_inclusive('\n') {
        let said = line.trim();
        if !said.is_empty() && !said.starts_with('#') && said != "---" {
            let indent = line.len() - line.trim_start().len();
            let start = start + indent;
            return Span { source, start, end: start + said.len() };
        }
        start += line.len();
    }
    Span { source, start: from.min(text.len()), end: from.min(text.len()) }
}

/// A `List` is what is in it.
fn flatten(value: Value) -> Vec<Value> {
    let is_list = value["kind"].as_str().is_some_and(|kind| kind.ends_with("List"))
        && value["items"].is_array();
    match value {
        Value::Object(mut map) if is_list => match map.remove("items") {
            Some(Value::Array(items)) => items.into_iter().flat_map(flatten).collect(),
            Some(_) | None => Vec::new(),
        },
        Value::Null => Vec::new(),
        other => vec![other],
    }
}

/// Adds what was read, with the edges that `after=` asks for.
pub(super) fn make(builder: &mut StackBuilder<'_>) {
    let read = std::mem::take(&mut builder.manifest_objects);
    builder.scopes.learn(read.iter().map(|one| &one.value));
    let first = builder.resources.len();
    let mut asked = Vec::new();
    for one in read {
        let mut value = one.value;
        if value["apiVersion"] == "v1" && value["kind"] == "Secret" {
            builder.findings.push(in_clear(&value, one.span));
            encode(&mut value);
        }
        let Some(missing) = missing_field(&value) else {
            builder.add(None, Object::plain(value), one.origin);
            asked.push(one.manifest);
            continue;
        };
        let message = format!("this object has no {missing}");
        builder.findings.push(
            Finding::error("broken-object", message, one.span)
                .also(one.manifest.pattern.span, "the file is named here"),
        );
    }
    order(builder, first, &asked);
}

fn missing_field(value: &Value) -> Option<&'static str> {
    let text = |value: &Value| value.as_str().is_some_and(|text| !text.is_empty());
    if !value.is_object() {
        Some("fields at all; it is no map")
    } else if !text(&value["apiVersion"]) {
        Some("apiVersion")
    } else if !text(&value["kind"]) {
        Some("kind")
    } else if !text(&value["metadata"]["name"]) {
        Some("metadata.name")
    } else {
        None
    }
}

/// What a server makes of `stringData`, so that live and desired can be compared.
fn encode(secret: &mut Value) {
    let Some(fields) = secret.as_object_mut() else { return };
    let Some(Value::Object(texts)) = fields.remove("stringData") else { return };
    let data = fields.entry("data").or_insert_with(|| Value::Object(Map::new()));
    for (key, text) in texts {
        data[key] = json!(STANDARD.encode(text.as_str().unwrap_or_default()));
    }
}

fn in_clear(secret: &Value, span: Span) -> Finding {
    let name = secret["metadata"]["name"].as_str().unwrap_or_default();
    Finding::warning(
        "secret-in-manifest",
        format!("Secret {name} lies in clear in this file"),
        span,
    )
    .help(format!("Refer to its values instead: `secret {name} {{ KEY (env)NAME; }}`."))
}

/// Sets the edges of `after=`; a pattern that matches nothing is an error.
fn order(builder: &mut StackBuilder<'_>, first: usize, asked: &[&Manifest]) {
    let mut edges: BTreeMap<(usize, usize), BTreeSet<usize>> = BTreeMap::new();
    for manifest in &builder.stack.manifests {
        for written in &manifest.after {
            let found: BTreeSet<usize> = builder
                .resources
                .iter()
                .enumerate()
                .filter(|(_, resource)| {
                    written.value.matches(&resource.id, resource.app.as_deref())
                })
                .map(|(at, _)| at)
                .collect();
            if found.is_empty() {
                builder.findings.push(matches_nothing(builder, written));
            }
            edges.insert((manifest.span.start, written.span.start), found);
        }
    }
    let ids: Vec<_> = builder.resources.iter().map(|resource| resource.id.clone()).collect();
    for (at, manifest) in asked.iter().enumerate() {
        for written in &manifest.after {
            let Some(found) = edges.get(&(manifest.span.start, written.span.start)) else {
                continue;
            };
            let Some(resource) = builder.resources.get_mut(first + at) else { continue };
            let others = found.iter().filter(|other| **other != first + at);
            resource.after.extend(others.filter_map(|other| ids.get(*other)).cloned());
        }
    }
}

fn matches_nothing(builder: &StackBuilder<'_>, asked: &Spanned<IdPattern>) -> Finding {
    let Spanned { value: pattern, span } = asked;
    let written = pattern.to_string();
    let finding =
        Finding::error("unknown-id", format!("{written} names nothing of this stack"), *span);
    let ids = builder.resources.iter().map(|resource| resource.id.to_string());
    let apps = builder.apps.iter().map(|app| format!("app.{}", app.name));
    let known: Vec<String> = apps.chain(ids).collect();
    match closest(&written, known.iter().map(String::as_str)) {
        Some(near) => finding.help(format!("Did you mean {near}?")).fix(*span, near),
        None => {
            finding.help("Name an app as `app.NAME`, an object as `deployment/NAMESPACE/NAME`.")
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{documents, encode, flatten};

    #[test]
    fn documents_begin_where_they_are_marked() {
        let text = "a: 1\n---\nb: |\n  --- not here\n--- # c\nc: 1\n";
        let found: Vec<_> = documents(text).into_iter().map(|(start, _)| start).collect();
        assert_eq!(found, [0, 5, 29]);
    }

    #[test]
    fn lists_are_what_is_in_them() {
        let list = json!({"kind": "List", "items": [{"kind": "ConfigMapList", "items": [1]}, 2]});
        assert_eq!(flatten(list), [json!(1), json!(2)]);
    }

    #[test]
    fn string_data_becomes_what_the_server_keeps() {
        let mut secret = json!({"data": {"a": "eA=="}, "stringData": {"a": "new", "b": ""}});
        encode(&mut secret);
        assert_eq!(secret, json!({"data": {"a": "bmV3", "b": ""}}));
    }
}
