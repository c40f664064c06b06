//! What the sandbox makes of an object is what the API server makes of it.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use stackctl_integration::{ControlPlane, Home};

/// Fields that only a running cluster knows.
const OF_THE_CLUSTER: &[&str] = &[
    "metadata.creationTimestamp",
    "metadata.generation",
    "metadata.managedFields",
    "metadata.resourceVersion",
    "metadata.uid",
    "metadata.finalizers",
    "metadata.annotations.deployment.kubernetes.io/revision",
    "metadata.annotations.pv.kubernetes.io/bind-completed",
    "metadata.annotations.pv.kubernetes.io/bound-by-controller",
    "metadata.annotations.volume.beta.kubernetes.io/storage-provisioner",
    "metadata.annotations.volume.kubernetes.io/storage-provisioner",
    "spec.clusterIP",
    "spec.clusterIPs",
    "spec.volumeName",
    "status",
    "data",
];

/// Compares every object of an applied stack with what the sandbox holds of the same stack.
pub(crate) fn agrees_with(cluster: &ControlPlane, home: &Home) {
    home.run(&["apply", "--sandbox", "--yes"]).expect(0);
    let mut compared = BTreeMap::new();
    let mut differences = Vec::new();
    for file in files(&home.path().join(".stackctl/sandbox/objects")) {
        let text = std::fs::read_to_string(&file).unwrap();
        let ours: Value = serde_saphyr::from_str(&text).unwrap();
        let (api, kind) = (text_of(&ours["apiVersion"]), text_of(&ours["kind"]));
        let group = api.split_once('/').map_or(String::new(), |(group, _)| format!(".{group}"));
        let version = api.rsplit('/').next().unwrap();
        let kind_name =
            if group.is_empty() { kind.clone() } else { format!("{kind}.{version}{group}") };
        let name = format!("{kind_name}/{}", text_of(&ours["metadata"]["name"]));
        let theirs = cluster.get(&["-n", "media", &name]).unwrap();
        let (ours, mut theirs) = (flat(&ours), flat(&theirs));
        if kind == "Node" {
            // It is the cluster's own, with much that no stack asks for.
            theirs.retain(|path, _| ours.contains_key(path));
        }
        *compared.entry(kind).or_insert(0) += 1;
        for path in ours.keys().chain(theirs.keys()) {
            if ours.get(path) != theirs.get(path) {
                let shown =
                    |value: Option<&Value>| value.map_or("nothing".to_owned(), Value::to_string);
                differences.push(format!(
                    "{name} {path}: sandbox {}, server {}",
                    shown(ours.get(path)),
                    shown(theirs.get(path))
                ));
            }
        }
    }
    differences.sort();
    differences.dedup();
    assert!(differences.is_empty(), "{differences:#?}");
    assert!(compared.len() >= 13, "too few kinds: {compared:?}");
}

fn text_of(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn files(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}

/// Leaves by path, without what only a cluster knows.
fn flat(object: &Value) -> BTreeMap<String, Value> {
    let mut leaves = BTreeMap::new();
    let empty = Map::new();
    for (name, value) in object.as_object().unwrap_or(&empty) {
        walk(name.clone(), value, &mut leaves);
    }
    leaves
}

fn walk(path: String, value: &Value, leaves: &mut BTreeMap<String, Value>) {
    if OF_THE_CLUSTER.contains(&path.as_str()) {
        return;
    }
    match value {
        Value::Object(map) if !map.is_empty() => {
            map.iter().for_each(|(name, value)| walk(format!("{path}.{name}"), value, leaves));
        }
        Value::Array(items) if !items.is_empty() => {
            items
                .iter()
                .enumerate()
                .for_each(|(place, value)| walk(format!("{path}[{place}]"), value, leaves));
        }
        Value::Number(number) => {
            leaves.insert(path, number.as_f64().map_or(Value::Null, Value::from));
        }
        leaf => {
            leaves.insert(path, leaf.clone());
        }
    }
}
