//! The shape of objects as the API server knows it: list keys, sets, atomic parts, quantities, defaults.
//!
//! Two tables are part of the program. `schema.json` (format `stackctl.schema/1`) is generated from
//! `OpenAPI` documents: `kinds` maps `group/version/Kind` to its type, `types` maps a type's name to the
//! fields that are more than a plain scalar, a granular map or an atomic list of scalars. `defaults.json`
//! holds what the server fills in beyond those documents, by the same type names.

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use serde::Deserialize;
use serde_json::Value;
use stackctl_model::GroupVersionKind;

/// The `format` of a schema file.
const FORMAT: &str = "stackctl.schema/1";

static EMBEDDED: LazyLock<Schema> = LazyLock::new(|| {
    Schema::read(include_str!("schema.json"), include_str!("defaults.json"))
        .expect("the embedded tables are read in a test")
});

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SchemaFile {
    format: String,
    source: String,
    kinds: BTreeMap<String, KindEntry>,
    types: BTreeMap<String, TypeEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct KindEntry {
    of: String,
    #[serde(default)]
    custom: bool,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct TypeEntry {
    atomic: bool,
    fields: BTreeMap<String, FieldEntry>,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct FieldEntry {
    of: Option<String>,
    list: Option<ListType>,
    keys: Vec<String>,
    map: bool,
    atomic: bool,
    scalar: Scalar,
    default: Option<Value>,
}

#[derive(Deserialize)]
struct DefaultsFile {
    types: BTreeMap<String, BTreeMap<String, Value>>,
}

/// How the elements of a list are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum ListType {
    Keyed,
    Set,
    Atomic,
}

/// How a scalar is compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Scalar {
    /// As it is, numbers by value.
    #[default]
    Plain,
    /// By value: `1000m` is `1`.
    Quantity,
    /// `80` is `"80"`.
    IntOrString,
}

/// Why tables cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum SchemaError {
    /// Not the JSON that was expected.
    #[error("the schema table cannot be read")]
    Json(#[from] serde_json::Error),
    /// Another format.
    #[error("the schema table has format {found:?}, not {FORMAT:?}")]
    Format {
        /// What it says.
        found: String,
    },
    /// A type refers to one that is not there.
    #[error("the schema table names type {name:?}, which it does not have")]
    UnknownType {
        /// The missing type.
        name: String,
    },
}

/// The shapes of all kinds in the tables.
#[derive(Debug)]
pub struct Schema {
    source: String,
    kinds: HashMap<String, Kind>,
    types: Vec<Type>,
}

#[derive(Debug)]
struct Kind {
    of: usize,
    custom: bool,
}

#[derive(Debug)]
pub(crate) struct Type {
    pub(crate) name: String,
    atomic: bool,
    fields: BTreeMap<String, Field>,
    pub(crate) defaults: BTreeMap<String, Value>,
}

#[derive(Debug)]
struct Field {
    of: Option<usize>,
    list: Option<ListType>,
    keys: Vec<String>,
    map: bool,
    atomic: bool,
    scalar: Scalar,
}

impl Schema {
    /// The tables that are part of the program.
    pub fn embedded() -> &'static Self {
        &EMBEDDED
    }

    /// Whether a kind is in the tables; others are approximated.
    pub fn knows(&self, kind: &GroupVersionKind) -> bool {
        self.kinds.contains_key(&kind_key(kind))
    }

    /// What the tables were made from, in words.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Reads a schema table and a table of further defaults.
    pub fn read(schema: &str, defaults: &str) -> Result<Self, SchemaError> {
        let file: SchemaFile = serde_json::from_str(schema)?;
        let mut defaults: DefaultsFile = serde_json::from_str(defaults)?;
        if file.format != FORMAT {
            return Err(SchemaError::Format { found: file.format });
        }
        let places: HashMap<&str, usize> =
            file.types.keys().enumerate().map(|(place, name)| (name.as_str(), place)).collect();
        let place_of = |name: &str| {
            let missing = || SchemaError::UnknownType { name: name.to_owned() };
            places.get(name).copied().ok_or_else(missing)
        };
        let mut types = Vec::with_capacity(file.types.len());
        for (name, entry) in &file.types {
            let more = defaults.types.remove(name).unwrap_or_default();
            types.push(Type::new(name, entry, more, &place_of)?);
        }
        if let Some(name) = defaults.types.into_keys().next() {
            return Err(SchemaError::UnknownType { name });
        }
        let mut kinds = HashMap::new();
        for (key, entry) in &file.kinds {
            kinds.insert(key.clone(), Kind { of: place_of(&entry.of)?, custom: entry.custom });
        }
        Ok(Self { source: file.source, kinds, types })
    }

    /// The root of an object of this kind.
    pub(crate) fn root(&self, object: &Value) -> Shape<'_> {
        let kind = GroupVersionKind::of(object).and_then(|kind| self.kinds.get(&kind_key(&kind)));
        match kind {
            Some(kind) => Shape {
                schema: Some(self),
                at: self.types.get(kind.of).map_or(At::Plain, At::Root),
                custom: kind.custom,
            },
            None => Shape { schema: None, at: At::Plain, custom: true },
        }
    }
}

impl Type {
    fn new(
        name: &str,
        entry: &TypeEntry,
        more: BTreeMap<String, Value>,
        place_of: &impl Fn(&str) -> Result<usize, SchemaError>,
    ) -> Result<Self, SchemaError> {
        let mut fields = BTreeMap::new();
        let mut defaults = more;
        for (field, entry) in &entry.fields {
            if let Some(default) = &entry.default {
                defaults.entry(field.clone()).or_insert_with(|| default.clone());
            }
            fields.insert(
                field.clone(),
                Field {
                    of: entry.of.as_deref().map(place_of).transpose()?,
                    list: entry.list,
                    keys: entry.keys.clone(),
                    map: entry.map,
                    atomic: entry.atomic,
                    scalar: entry.scalar,
                },
            );
        }
        Ok(Self { name: name.to_owned(), atomic: entry.atomic, fields, defaults })
    }
}

fn kind_key(kind: &GroupVersionKind) -> String {
    if kind.group.is_empty() {
        format!("{}/{}", kind.version, kind.kind)
    } else {
        format!("{}/{}/{}", kind.group, kind.version, kind.kind)
    }
}

/// How the elements of one list are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum List<'s> {
    /// By the values of these fields.
    Keyed(&'s [String]),
    /// By their own value.
    Set,
    /// Not at all: the list is one value.
    Atomic,
}

/// What the tables say of one place in an object, and of all below it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shape<'s> {
    schema: Option<&'s Schema>,
    at: At<'s>,
    custom: bool,
}

#[derive(Clone, Copy, Debug)]
enum At<'s> {
    Root(&'s Type),
    Field(&'s Field),
    /// An element of this list, or a value of this map.
    Element(&'s Field),
    /// A scalar, a granular map or an atomic list of scalars.
    Plain,
}

impl<'s> Shape<'s> {
    /// Whether the kind is in the tables.
    pub(crate) fn is_known(&self) -> bool {
        self.schema.is_some()
    }

    /// Whether the kind is built into the server, which drops empty and zero values where it can.
    pub(crate) fn is_built_in(&self) -> bool {
        self.is_known() && !self.custom
    }

    /// The type of the struct at this place.
    pub(crate) fn struct_type(&self) -> Option<&'s Type> {
        let of = match self.at {
            At::Root(of) => return Some(of),
            At::Field(field) if field.list.is_none() && !field.map => field.of?,
            At::Element(field) => field.of?,
            At::Field(_) | At::Plain => return None,
        };
        self.schema?.types.get(of)
    }

    /// What is said of a field, or of a map's value.
    pub(crate) fn field(&self, name: &str) -> Self {
        let at = match self.at {
            At::Field(field) if field.map => At::Element(field),
            At::Root(_) | At::Field(_) | At::Element(_) | At::Plain => {
                self.struct_type().and_then(|of| of.fields.get(name)).map_or(At::Plain, At::Field)
            }
        };
        Self { at, ..*self }
    }

    /// What is said of a list's elements.
    pub(crate) fn item(&self) -> Self {
        let at = match self.at {
            At::Field(field) => At::Element(field),
            At::Root(_) | At::Element(_) | At::Plain => At::Plain,
        };
        Self { at, ..*self }
    }

    /// How a list's elements are told apart; `None` when nobody knows.
    pub(crate) fn list(&self) -> Option<List<'s>> {
        self.schema?;
        Some(match self.at {
            At::Field(Field { list: Some(ListType::Keyed), keys, .. }) => List::Keyed(keys),
            At::Field(Field { list: Some(ListType::Set), .. }) => List::Set,
            At::Root(_) | At::Field(_) | At::Element(_) | At::Plain => List::Atomic,
        })
    }

    /// Whether the map or struct here is one value.
    pub(crate) fn is_atomic(&self) -> bool {
        let field = match self.at {
            At::Field(field) => field.atomic,
            At::Root(_) | At::Element(_) | At::Plain => false,
        };
        field || self.struct_type().is_some_and(|of| of.atomic)
    }

    /// How the scalar here is compared, as far as the tables know.
    pub(crate) fn scalar(&self) -> Scalar {
        match self.at {
            At::Field(field) if field.map => Scalar::Plain,
            At::Field(field) | At::Element(field) => field.scalar,
            At::Root(_) | At::Plain => Scalar::Plain,
        }
    }

    /// What the server fills in for a field of the struct here, whatever its other fields.
    pub(crate) fn default_of(&self, name: &str) -> Option<&'s Value> {
        self.struct_type()?.defaults.get(name)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_embedded_tables_know_list_keys_atoms_and_quantities() {
        let schema = Schema::embedded();
        let object = json!({"apiVersion": "apps/v1", "kind": "Deployment"});
        let pod = schema.root(&object).field("spec").field("template").field("spec");
        let containers = pod.field("containers");
        assert_eq!(containers.list(), Some(List::Keyed(&["name".to_owned()])));
        let limits = containers.item().field("resources").field("limits");
        assert_eq!(limits.field("cpu").scalar(), Scalar::Quantity);
        assert!(pod.field("nodeSelector").is_atomic());
        assert!(schema.root(&object).field("spec").field("selector").is_atomic());
        assert_eq!(
            containers.item().field("ports").item().default_of("protocol"),
            Some(&json!("TCP"))
        );
        assert_eq!(containers.item().field("command").list(), Some(List::Atomic));
    }

    #[test]
    fn an_unknown_kind_has_no_shape() {
        let shape = Schema::embedded().root(&json!({"apiVersion": "x/v1", "kind": "Y"}));
        assert!(!shape.is_known());
        assert_eq!(shape.field("spec").list(), None);
    }
}
