//! What differs between desired and live, field by field, as the server sees it.

use std::collections::BTreeMap;

use serde_json::Value;
use stackctl_model::{Change, ChangeValue, FieldPath, Quantity, Segment};

use super::fields::Fields;
use super::lists::{Listing, keys_of, listing, same_item};
use super::owned::Owners;
use super::schema::{Scalar, Schema, Shape};

/// Every field that a write would change: desired ones that differ, and owned ones that are no longer desired.
pub(crate) fn changes(live: &Value, desired: &Value, owners: &Owners) -> Vec<Change> {
    let shape = Schema::embedded().root(desired);
    let mut comparison = Comparison { owners, changes: Vec::new() };
    let root = Spot { shape, path: &FieldPath::default() };
    comparison.differ(Some(live), desired, root);
    comparison.beyond(&owners.ours, Some(live), desired, root);
    comparison.changes
}

/// The same, but for the values of a Secret.
pub(crate) fn open_changes(live: &Value, desired: &Value, owners: &Owners) -> Vec<Change> {
    if desired["kind"] != "Secret" || desired["apiVersion"] != "v1" {
        return changes(live, desired, owners);
    }
    let mut desired = desired.clone();
    if let Some(fields) = desired.as_object_mut() {
        fields.remove("data");
    }
    let mut changes = changes(live, &desired, owners);
    changes.retain(|change| change.path.0.first() != Some(&Segment::Field("data".to_owned())));
    changes
}

/// What a new object consists of.
pub(crate) fn creation(desired: &Value) -> Vec<Change> {
    let owners = Owners::default();
    let mut comparison = Comparison { owners: &owners, changes: Vec::new() };
    let shape = Schema::embedded().root(desired);
    for (name, value) in desired.as_object().into_iter().flatten() {
        if !matches!(name.as_str(), "apiVersion" | "kind" | "metadata") {
            let path = FieldPath::fields([name.as_str()]);
            comparison.differ(None, value, Spot { shape: shape.field(name), path: &path });
        }
    }
    comparison.changes
}

/// The value at a path.
pub(crate) fn at<'v>(value: &'v Value, path: &FieldPath) -> Option<&'v Value> {
    path.0.iter().try_fold(value, |here, segment| match segment {
        Segment::Field(name) => here.get(name),
        Segment::Index(place) => here.get(place),
        Segment::Item(keys) => here
            .as_array()?
            .iter()
            .find(|item| keys.iter().all(|(name, key)| item.get(name) == Some(key))),
        Segment::Member(member) => here.as_array()?.iter().find(|item| *item == member),
    })
}

/// A walk over an object, and the changes it has met.
struct Comparison<'o> {
    owners: &'o Owners,
    changes: Vec<Change>,
}

/// Where the walk is.
#[derive(Clone, Copy)]
struct Spot<'s, 'p> {
    shape: Shape<'s>,
    path: &'p FieldPath,
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Object(map) => map.values().all(is_empty),
        Value::Array(items) => items.is_empty(),
        Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

/// Zero values that the server does not store.
fn is_zero(value: &Value) -> bool {
    is_empty(value)
        || value == &Value::Bool(false)
        || value == &Value::from(0)
        || value == &Value::from("")
}

impl Comparison<'_> {
    fn add(&mut self, path: &FieldPath, before: Option<&Value>, after: Option<&Value>) {
        let value = |value: Option<&Value>| {
            value.map_or(ChangeValue::Absent, |value| ChangeValue::Value(value.clone()))
        };
        let writer = before.and(self.owners.last_writer(path));
        self.changes.push(Change {
            path: path.clone(),
            before: value(before),
            after: value(after),
            last_writer: writer.map(|owner| owner.manager.clone()),
            last_written: writer.map(|owner| owner.time.clone()).filter(|time| !time.is_empty()),
        });
    }

    fn differ(&mut self, live: Option<&Value>, desired: &Value, spot: Spot<'_, '_>) {
        let Spot { shape, path } = spot;
        match (live, desired) {
            (None, Value::Null) => {}
            (None, value) if self.owners.is_tracked && is_zero(value) && shape.is_built_in() => {}
            (None, value) if is_empty(value) => {}
            (live, Value::Object(wanted)) if !shape.is_atomic() => {
                for (name, value) in wanted {
                    let below = live.and_then(|live| live.get(name));
                    let path = path.field(name);
                    self.differ(below, value, Spot { shape: shape.field(name), path: &path });
                }
            }
            (live, Value::Array(wanted)) => self.differ_list(live, wanted, spot),
            (Some(live), desired) if equal(live, desired, shape) => {}
            (live, desired) => self.add(path, live, Some(desired)),
        }
    }

    fn differ_list(&mut self, live: Option<&Value>, wanted: &[Value], spot: Spot<'_, '_>) {
        let Spot { shape, path } = spot;
        let none = Vec::new();
        let before = live.and_then(Value::as_array).unwrap_or(&none);
        match listing(wanted, shape) {
            Listing::Keyed(names) => {
                for item in wanted {
                    let keys: BTreeMap<_, _> = keys_of(item, &names, shape).into_iter().collect();
                    let below = before.iter().find(|live| same_item(live, item, &names, shape));
                    let path = path.child(Segment::Item(keys));
                    self.differ(below, item, Spot { shape: shape.item(), path: &path });
                }
            }
            Listing::Set => {
                for member in wanted.iter().filter(|member| !before.contains(member)) {
                    self.add(&path.child(Segment::Member(member.clone())), None, Some(member));
                }
            }
            Listing::Atomic => {
                let same = live.is_some()
                    && before.len() == wanted.len()
                    && before
                        .iter()
                        .zip(wanted)
                        .all(|(live, item)| equal(live, item, shape.item()));
                if !same {
                    self.add(path, live, Some(&Value::Array(wanted.to_vec())));
                }
            }
        }
    }

    /// Fields we own that are no longer desired.
    fn beyond(
        &mut self,
        owned: &Fields,
        live: Option<&Value>,
        desired: &Value,
        Spot { shape, path }: Spot<'_, '_>,
    ) {
        for (name, below) in &owned.children {
            let next = path.field(name);
            let before = live.and_then(|live| live.get(name));
            match desired.get(name).filter(|value| !value.is_null()) {
                Some(value) => {
                    let spot = Spot { shape: shape.field(name), path: &next };
                    self.beyond(below, before, value, spot);
                }
                None if before.is_some_and(|before| !is_empty(before)) && !is_identity(&next) => {
                    self.add(&next, before, None);
                }
                None => {}
            }
        }
        let items = desired.as_array();
        for (keys, below) in &owned.items {
            let matching = |item: &&Value| {
                keys.iter().all(|(name, key)| item.get(name).is_none_or(|own| own == key))
            };
            let before = live.and_then(Value::as_array).and_then(|items| {
                items.iter().find(|item| keys.iter().all(|(name, key)| item.get(name) == Some(key)))
            });
            let next = path.child(Segment::Item(keys.clone().into_iter().collect()));
            match items.and_then(|items| items.iter().find(matching)) {
                Some(item) => {
                    let spot = Spot { shape: shape.item(), path: &next };
                    self.beyond(below, before, item, spot);
                }
                None if before.is_some() => self.add(&next, before, None),
                None => {}
            }
        }
        for member in &owned.members {
            let is_live =
                live.and_then(Value::as_array).is_some_and(|items| items.contains(member));
            if is_live && !items.is_some_and(|items| items.contains(member)) {
                self.add(&path.child(Segment::Member(member.clone())), Some(member), None);
            }
        }
    }
}

/// Whether a field names the object rather than describes it.
fn is_identity(path: &FieldPath) -> bool {
    matches!(
        path.to_string().as_str(),
        "apiVersion" | "kind" | "metadata.name" | "metadata.namespace"
    )
}

/// Whether live says what is desired; live may say more.
fn equal(live: &Value, desired: &Value, shape: Shape<'_>) -> bool {
    match (live, desired) {
        (Value::Object(live), Value::Object(wanted)) => {
            wanted.iter().all(|(name, value)| match live.get(name) {
                Some(live) => equal(live, value, shape.field(name)),
                None => is_zero(value),
            }) && (!shape.is_atomic()
                || shape.struct_type().is_some()
                || live.len() == wanted.len())
        }
        (Value::Array(live), Value::Array(wanted)) => {
            live.len() == wanted.len()
                && live.iter().zip(wanted).all(|(live, item)| equal(live, item, shape.item()))
        }
        (live, desired) => live == desired || equal_scalars(live, desired, shape.scalar()),
    }
}

fn equal_scalars(live: &Value, desired: &Value, scalar: Scalar) -> bool {
    let text = |value: &Value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    };
    match scalar {
        Scalar::Plain => match (live.as_f64(), desired.as_f64()) {
            (Some(live), Some(desired)) => live.to_bits() == desired.to_bits(),
            _ => false,
        },
        Scalar::IntOrString => text(live).is_some() && text(live) == text(desired),
        Scalar::Quantity => {
            let quantity = |value: &Value| text(value)?.trim().parse::<Quantity>().ok();
            quantity(live).is_some() && quantity(live) == quantity(desired)
        }
    }
}
