//! Volumes of a pod, where they are mounted, and the claims of the app's own ones.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use stackctl_lang::NfsExport;
use stackctl_model::{Finding, Quantity};

use super::input::PartsInput;
use super::json::{at, fields};
use crate::claim::Claim;

pub(super) fn add(
    input: &PartsInput<'_>,
    findings: &mut Vec<Finding>,
    add: &mut impl FnMut(&str, Value) -> Option<Value>,
) -> Vec<Claim> {
    let mut storage = Storage { volumes: Vec::new(), mounts: Vec::new(), claims: Vec::new() };
    let mut names = BTreeSet::new();
    for volume in input.list("volume") {
        names.insert(at(volume, "name").as_str().unwrap_or_default());
        storage.own(input, volume, findings);
    }
    for shared in input.list("mount") {
        if names.insert(at(shared, "volume").as_str().unwrap_or_default()) {
            let name = at(shared, "volume");
            storage
                .volumes
                .push(json!({"name": name, "persistentVolumeClaim": {"claimName": name}}));
        }
        storage.mounts.push(mount(shared));
    }
    if input.value("read_only_root") == &json!(true) {
        storage.scratch("tmp", "/tmp", "1Gi");
        storage.scratch("run", "/run", "100Mi");
    }
    add("volumes", Value::Array(storage.volumes));
    add("mounts", Value::Array(storage.mounts));
    add("claims", storage.claims.iter().map(Claim::to_json).collect());
    storage.claims
}

struct Storage {
    volumes: Vec<Value>,
    mounts: Vec<Value>,
    claims: Vec<Claim>,
}

impl Storage {
    fn own(&mut self, input: &PartsInput<'_>, volume: &Value, findings: &mut Vec<Finding>) {
        let name = at(volume, "name").as_str().unwrap_or_default();
        let claim = format!("{}-{name}", input.app);
        let Some(source) = source(volume, &claim) else {
            findings.push(no_size(input, name, at(volume, "size").as_str()));
            return;
        };
        if source.get("persistentVolumeClaim").is_some() && at(volume, "claim").is_null() {
            let text = |key: &str| at(volume, key).as_str().map(str::to_owned);
            self.claims.push(Claim {
                app: input.app.to_owned(),
                volume: name.to_owned(),
                name: claim,
                size: text("size").unwrap_or_default(),
                class: text("class"),
                access: text("access").unwrap_or_else(|| "ReadWriteOnce".to_owned()),
                origin: input.named_origin("volume", name),
            });
        }
        let mut entry = source.as_object().cloned().unwrap_or_default();
        entry.insert("name".to_owned(), json!(name));
        self.volumes.push(Value::Object(entry));
        let path = at(volume, "path").as_str().map_or_else(|| format!("/{name}"), str::to_owned);
        self.mounts.push(fields([
            ("name", json!(name)),
            ("mountPath", json!(path)),
            ("subPath", at(volume, "sub_path").clone()),
            ("readOnly", true_or_nothing(at(volume, "read_only"))),
        ]));
    }

    /// A folder that must be writable although the root is not, unless something is mounted there.
    fn scratch(&mut self, name: &str, path: &str, limit: &str) {
        let taken = self.mounts.iter().any(|mount| at(mount, "mountPath") == path)
            || self.volumes.iter().any(|volume| at(volume, "name") == name);
        if !taken {
            self.volumes.push(json!({"name": name, "emptyDir": {"sizeLimit": limit}}));
            self.mounts.push(json!({"name": name, "mountPath": path}));
        }
    }
}

/// A mount of a volume the pod already has.
pub(super) fn mount(one: &Value) -> Value {
    fields([
        ("name", at(one, "volume").clone()),
        ("mountPath", at(one, "path").clone()),
        ("subPath", at(one, "sub_path").clone()),
        ("readOnly", true_or_nothing(at(one, "read_only"))),
    ])
}

fn true_or_nothing(value: &Value) -> Value {
    if value == &json!(true) { json!(true) } else { Value::Null }
}

/// Where a volume's data is; `None` when the volume says neither a place nor a size.
fn source(volume: &Value, claim: &str) -> Option<Value> {
    let said = |key: &str| at(volume, key).as_str();
    let size = said("size");
    Some(if let Some(path) = said("host_path") {
        json!({"hostPath": {"path": path}})
    } else if let Some(existing) = said("claim") {
        json!({"persistentVolumeClaim": {"claimName": existing}})
    } else if let Some(name) = said("config_map") {
        json!({"configMap": {"name": name}})
    } else if let Some(name) = said("secret") {
        json!({"secret": {"secretName": name}})
    } else if let Some(export) = said("nfs").and_then(|url| url.parse::<NfsExport>().ok()) {
        json!({"nfs": {"server": export.host, "path": export.path}})
    } else if size == Some("empty-dir") {
        let medium = if at(volume, "memory") == true { json!("Memory") } else { Value::Null };
        json!({"emptyDir": fields([("medium", medium), ("sizeLimit", at(volume, "limit").clone())])})
    } else {
        size?.parse::<Quantity>().ok()?;
        json!({"persistentVolumeClaim": {"claimName": claim}})
    })
}

fn no_size(input: &PartsInput<'_>, volume: &str, size: Option<&str>) -> Finding {
    let (code, message) = match size {
        Some(size) => (
            "bad-quantity",
            format!(
                "volume {volume} of app {}: {size:?} is neither a size nor `empty-dir`",
                input.app
            ),
        ),
        None => ("missing-size", format!("volume {volume} of app {} has no size", input.app)),
    };
    Finding::error(code, message, input.named_span("volume", volume))
        .help(format!("Write it as in `volume {volume} \"10Gi\"`."))
}
