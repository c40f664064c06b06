//! Fields that others have written: left to them, taken, or a reason to stop.

use std::borrow::Cow;

use serde_json::Value;
use stackctl_model::{Change, FieldPath, FieldPolicy, FieldRule, ResourceId, Segment};

use super::owned::Owners;

/// The desired object without what another rightly owns: an autoscaler's replicas.
pub(crate) fn yielded<'d>(desired: &'d Value, owners: &Owners) -> Cow<'d, Value> {
    let replicas = FieldPath::fields(["spec", "replicas"]);
    let is_scaled = owners.others.iter().any(|owner| {
        owner.manager == "kube-controller-manager"
            && owner.subresource == "scale"
            && owner.fields.contains(&replicas)
    });
    let mut desired = Cow::Borrowed(desired);
    if is_scaled {
        remove(desired.to_mut(), &replicas.0);
    }
    desired
}

/// What the stack says of a field that another manager has written; it is taken when nothing is said.
pub(crate) fn policy(
    rules: &[FieldRule],
    id: &ResourceId,
    app: Option<&str>,
    change: &Change,
) -> Option<FieldPolicy> {
    change.last_writer.as_ref()?;
    let path = change.path.to_string();
    let fits = |rule: &&FieldRule| {
        rule.matches(&path) && rule.on.as_ref().is_none_or(|on| on.matches(id, app))
    };
    Some(rules.iter().find(fits).map_or(FieldPolicy::Take, |rule| rule.policy))
}

/// Takes a field out of an object.
pub(crate) fn remove(object: &mut Value, path: &[Segment]) {
    let Some((first, rest)) = path.split_first() else { return };
    let place = match (object, first) {
        (Value::Object(fields), Segment::Field(name)) if rest.is_empty() => {
            fields.remove(name);
            return;
        }
        (Value::Array(items), Segment::Member(member)) => {
            items.retain(|item| item != member);
            return;
        }
        (Value::Array(items), Segment::Item(keys)) if rest.is_empty() => {
            items.retain(|item| !has(item, keys));
            return;
        }
        (Value::Object(fields), Segment::Field(name)) => fields.get_mut(name),
        (Value::Array(items), Segment::Item(keys)) => items.iter_mut().find(|item| has(item, keys)),
        (Value::Array(items), Segment::Index(place)) => items.get_mut(*place),
        _ => None,
    };
    if let Some(below) = place {
        remove(below, rest);
    }
}

/// Whether an element is the one with these keys; a default key may be left out of it.
fn has(item: &Value, keys: &std::collections::BTreeMap<String, Value>) -> bool {
    keys.iter().all(|(name, key)| item.get(name).is_none_or(|own| own == key))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_field_is_taken_out_wherever_it_is() {
        let object = json!({"spec": {"replicas": 2, "ports": [{"port": 80, "name": "a"}, {"port": 81}]},
                            "set": ["a", "b"]});
        let without = |path: FieldPath| {
            let mut object = object.clone();
            remove(&mut object, &path.0);
            object
        };
        let spec = FieldPath::fields(["spec"]);
        assert_eq!(without(spec.field("replicas"))["spec"].get("replicas"), None);
        let item = |port: i32| Segment::Item([("port".to_owned(), json!(port))].into());
        let port = spec.field("ports").child(item(80));
        assert_eq!(without(port.field("name"))["spec"]["ports"][0], json!({"port": 80}));
        assert_eq!(without(port)["spec"]["ports"], json!([{"port": 81}]));
        let member = FieldPath::fields(["set"]).child(Segment::Member(json!("a")));
        assert_eq!(without(member)["set"], json!(["b"]));
    }
}
