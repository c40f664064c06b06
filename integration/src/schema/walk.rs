//! From `OpenAPI` definitions to types: what is more than a plain scalar, a granular map or an atomic list.

use serde_json::{Map, Value, json};

use super::Types;

/// Types whose insides do not matter.
const OPAQUE: &[&str] =
    &["meta.v1.ManagedFieldsEntry", "meta.v1.Time", "meta.v1.MicroTime", "meta.v1.FieldsV1"];

/// Goes through definitions and writes types.
pub(super) struct Walk<'a> {
    pub(super) definitions: &'a Map<String, Value>,
    pub(super) types: &'a mut Types,
    /// Whether defaults that are zero values count: the server stores them for custom kinds only.
    pub(super) custom: bool,
}

impl Walk<'_> {
    /// Writes a named definition's type and those it needs; its short name.
    pub(super) fn named(&mut self, name: &str) -> String {
        let of = short(name).to_owned();
        if self.types.contains_key(&of) {
            return of;
        }
        self.types.insert(of.clone(), json!({"fields": {}}));
        let definition = self.definitions.get(name).cloned().unwrap_or_default();
        let is_root = definition.get("x-kubernetes-group-version-kind").is_some()
            && definition["properties"].get("kind").is_some();
        self.fill(&of, &definition, is_root);
        of
    }

    /// Writes the type of a schema that has no name of its own.
    pub(super) fn inline(&mut self, schema: &Value, path: &str) {
        self.types.insert(path.to_owned(), json!({"fields": {}}));
        self.fill(path, schema, false);
    }

    fn fill(&mut self, of: &str, schema: &Value, is_root: bool) {
        let mut entry = json!({"fields": {}});
        if schema["x-kubernetes-map-type"] == "atomic" {
            entry["atomic"] = json!(true);
        }
        for (name, property) in schema["properties"].as_object().into_iter().flatten() {
            if is_root && name == "status" {
                continue;
            }
            let field = self.field(property, &format!("{of}.{name}"));
            if !field.is_empty() {
                entry["fields"][name] = Value::Object(field);
            }
        }
        self.types.insert(of.to_owned(), entry);
    }

    fn field(&mut self, property: &Value, path: &str) -> Map<String, Value> {
        let mut field = Map::new();
        if let Some(name) = reference(property) {
            self.referenced(&name, &mut field);
        } else if property["x-kubernetes-int-or-string"] == true
            || property["format"] == "int-or-string"
        {
            field.insert("scalar".to_owned(), json!("int-or-string"));
        } else if property["properties"].is_object() {
            self.inline(property, path);
            field.insert("of".to_owned(), json!(path));
        } else if property["type"] == "array" {
            let list = property["x-kubernetes-list-type"].as_str().unwrap_or("atomic");
            field.insert("list".to_owned(), json!(if list == "map" { "keyed" } else { list }));
            if list == "map" {
                field.insert("keys".to_owned(), property["x-kubernetes-list-map-keys"].clone());
            }
            self.element(&property["items"], &format!("{path}[]"), &mut field);
        } else if property["additionalProperties"].is_object() {
            field.insert("map".to_owned(), json!(true));
            self.element(&property["additionalProperties"], &format!("{path}{{}}"), &mut field);
        }
        if property["x-kubernetes-map-type"] == "atomic" {
            field.insert("atomic".to_owned(), json!(true));
        }
        if let Some(default) =
            property.get("default").filter(|default| self.custom || !is_zero(default))
        {
            field.insert("default".to_owned(), default.clone());
        }
        field
    }

    fn element(&mut self, schema: &Value, path: &str, field: &mut Map<String, Value>) {
        let element = self.field(schema, path);
        let kept = element.into_iter().filter(|(name, _)| matches!(name.as_str(), "of" | "scalar"));
        field.extend(kept);
    }

    fn referenced(&mut self, name: &str, field: &mut Map<String, Value>) {
        let of = short(name);
        if of.ends_with("resource.Quantity") {
            field.insert("scalar".to_owned(), json!("quantity"));
        } else if of.ends_with("intstr.IntOrString") {
            field.insert("scalar".to_owned(), json!("int-or-string"));
        } else if !OPAQUE.contains(&of)
            && self.definitions.get(name).is_some_and(|found| found["properties"].is_object())
        {
            let of = self.named(name);
            field.insert("of".to_owned(), json!(of));
        }
    }
}

fn reference(property: &Value) -> Option<String> {
    let all_of = property["allOf"].as_array().into_iter().flatten();
    let direct = std::iter::once(property).chain(all_of).find_map(|one| one["$ref"].as_str())?;
    direct.rsplit('/').next().map(str::to_owned)
}

fn short(name: &str) -> &str {
    const PREFIXES: &[&str] = &[
        "io.k8s.apiextensions-apiserver.pkg.apis.",
        "io.k8s.kube-aggregator.pkg.apis.",
        "io.k8s.apimachinery.pkg.apis.",
        "io.k8s.apimachinery.pkg.",
        "io.k8s.api.",
    ];
    PREFIXES.iter().find_map(|prefix| name.strip_prefix(prefix)).unwrap_or(name)
}

fn is_zero(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Bool(flag) => !flag,
        Value::Number(number) => number.as_f64() == Some(0.0),
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(map) => map.is_empty(),
    }
}
