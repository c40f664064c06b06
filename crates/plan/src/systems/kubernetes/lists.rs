//! How the elements of a list are told apart, by the schema or, for kinds it does not know, by their names.

use serde_json::{Map, Value};

use super::schema::{List, Shape};

/// How the elements of a list are told apart.
pub(crate) enum Listing {
    /// By the values of these fields.
    Keyed(Vec<String>),
    /// By their own value.
    Set,
    /// Not at all.
    Atomic,
}

/// How the elements of this list are told apart.
pub(crate) fn listing(items: &[Value], shape: Shape<'_>) -> Listing {
    match shape.list() {
        Some(List::Keyed(names)) => Listing::Keyed(names.to_vec()),
        Some(List::Set) => Listing::Set,
        None if !items.is_empty() && items.iter().all(|item| item["name"].is_string()) => {
            Listing::Keyed(vec!["name".to_owned()])
        }
        Some(List::Atomic) | None => Listing::Atomic,
    }
}

fn key<'a>(item: &'a Value, name: &str, shape: Shape<'a>) -> Option<&'a Value> {
    item.get(name).or_else(|| shape.item().default_of(name))
}

/// The keys of an element, defaults filled in.
pub(crate) fn keys_of(item: &Value, names: &[String], shape: Shape<'_>) -> Map<String, Value> {
    names.iter().filter_map(|name| Some((name.clone(), key(item, name, shape)?.clone()))).collect()
}

/// Whether two elements are the same one.
pub(crate) fn same_item(one: &Value, other: &Value, names: &[String], shape: Shape<'_>) -> bool {
    names.iter().all(|name| key(one, name, shape) == key(other, name, shape))
}
