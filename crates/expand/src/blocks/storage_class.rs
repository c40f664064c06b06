//! `storage-class` to a `StorageClass`, Longhorn's unless another provisioner is named.

use serde_json::{Map, Value, json};
use stackctl_lang::StorageClass;
use stackctl_model::Finding;

use super::builder::StackBuilder;

pub(super) fn make(builder: &mut StackBuilder<'_>) {
    for class in &builder.stack.storage_classes {
        check_words(class, builder.findings);
        let mut metadata = json!({"name": class.name.value, "labels": builder.labels()});
        if class.default {
            metadata["annotations"] =
                json!({"storageclass.kubernetes.io/is-default-class": "true"});
        }
        let mut value = json!({
            "apiVersion": "storage.k8s.io/v1",
            "kind": "StorageClass",
            "metadata": metadata,
            "provisioner": class.provisioner,
            "reclaimPolicy": class.reclaim.word(),
            "volumeBindingMode": "Immediate",
            "allowVolumeExpansion": true,
        });
        let parameters = parameters(class);
        if !parameters.is_empty() {
            value["parameters"] = Value::Object(parameters);
        }
        builder.object(value, class.span);
    }
}

/// All values are text, as the API wants them. What `parameters { … }` says wins.
fn parameters(class: &StorageClass) -> Map<String, Value> {
    let mut parameters = Map::new();
    if class.is_longhorn() {
        parameters.insert("staleReplicaTimeout".to_owned(), json!("30"));
        parameters.insert("fsType".to_owned(), json!("ext4"));
        if let Some(replicas) = &class.replicas {
            let number = replicas.value.to_string();
            parameters.insert("numberOfReplicas".to_owned(), json!(number));
        }
        if let Some(disks) = &class.disks {
            parameters.insert("diskSelector".to_owned(), json!(disks.value));
        }
    }
    for (key, value) in &class.parameters {
        parameters.insert(key.value.clone(), json!(value.value));
    }
    parameters
}

/// What means something to Longhorn alone.
fn check_words(class: &StorageClass, findings: &mut Vec<Finding>) {
    if class.is_longhorn() {
        return;
    }
    let replicas = class.replicas.as_ref().map(|replicas| ("replicas", replicas.span));
    let disks = class.disks.as_ref().map(|disks| ("disks", disks.span));
    for (word, span) in [replicas, disks].into_iter().flatten() {
        let message = format!("`{word}` means nothing to {}", class.provisioner);
        findings.push(
            Finding::error("longhorn-only", message, span)
                .help("Say it in the provisioner's own words in `parameters { … }`."),
        );
    }
}
