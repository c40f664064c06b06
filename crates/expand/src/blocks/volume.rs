//! `volume` to a claim that apps share; with `nfs=` to a volume that is already there and its claim.

use serde_json::{Value, json};
use stackctl_lang::{NfsExport, Volume};

use super::builder::StackBuilder;

pub(super) fn make(builder: &mut StackBuilder<'_>) {
    for volume in &builder.stack.volumes {
        match &volume.nfs {
            None => {
                let class = volume.class.as_ref().map(|class| class.value.as_str());
                builder.object(claim(builder, volume, class, None), volume.span);
            }
            Some(export) => {
                let name = format!("{}-{}", builder.stack.name.value, volume.name.value);
                builder.object(fixed(builder, volume, &name, &export.value), volume.span);
                builder.object(claim(builder, volume, Some(""), Some(&name)), volume.span);
            }
        }
    }
}

fn claim(
    builder: &StackBuilder<'_>,
    volume: &Volume,
    class: Option<&str>,
    from: Option<&str>,
) -> Value {
    let mut spec = json!({
        "accessModes": [volume.access.word()],
        "resources": {"requests": {"storage": volume.size.value.to_string()}},
    });
    if let Some(class) = class {
        spec["storageClassName"] = json!(class);
    }
    if let Some(from) = from {
        spec["volumeName"] = json!(from);
    }
    json!({
        "apiVersion": "v1",
        "kind": "PersistentVolumeClaim",
        "metadata": {
            "name": volume.name.value, "namespace": builder.namespace(), "labels": builder.labels(),
        },
        "spec": spec,
    })
}

/// The volume behind an NFS export, kept for its claim: any claim without a class could take it otherwise.
fn fixed(builder: &StackBuilder<'_>, volume: &Volume, name: &str, export: &NfsExport) -> Value {
    json!({
        "apiVersion": "v1",
        "kind": "PersistentVolume",
        "metadata": {"name": name, "labels": builder.labels()},
        "spec": {
            "capacity": {"storage": volume.size.value.to_string()},
            "accessModes": [volume.access.word()],
            "persistentVolumeReclaimPolicy": "Retain",
            "storageClassName": "",
            "claimRef": {"namespace": builder.namespace(), "name": volume.name.value},
            "nfs": {"server": export.host, "path": export.path},
        },
    })
}
