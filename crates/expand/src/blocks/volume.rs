//! `volume` to a claim that apps share; with `nfs=` to a volume that is already there and its claim.

use serde_json::{Value, json};
use stackctl_lang::Volume;

use super::builder::StackBuilder;

pub(super) fn make(builder: &mut StackBuilder<'_>) {
    for volume in &builder.stack.volumes {
        match &volume.nfs {
            None => {
                let class = volume.class.as_ref().map(|class| class.value.as_str());
                builder.object(claim(builder, volume, class, None), volume.span);
            }
            Some(url) => {
                // An URL that names no export was said when the stack was read.
                let Some(export) = nfs(&url.value) else { continue };
                let name = format!("{}-{}", builder.stack.name.value, volume.name.value);
                builder.object(fixed(builder, volume, &name, export), volume.span);
                builder.object(claim(builder, volume, Some(""), Some(&name)), volume.span);
            }
        }
    }
}

/// Server and path of `nfs://server/path`; a colon after the server is passed over.
fn nfs(url: &str) -> Option<(&str, String)> {
    let (server, path) = url.strip_prefix("nfs://")?.split_once('/')?;
    let server = server.strip_suffix(':').unwrap_or(server);
    (!server.is_empty()).then(|| (server, format!("/{path}")))
}

fn access(volume: &Volume) -> &str {
    let default = if volume.nfs.is_some() { "ReadWriteMany" } else { "ReadWriteOnce" };
    volume.access.as_ref().map_or(default, |access| &access.value)
}

fn claim(
    builder: &StackBuilder<'_>,
    volume: &Volume,
    class: Option<&str>,
    from: Option<&str>,
) -> Value {
    let mut spec = json!({
        "accessModes": [access(volume)],
        "resources": {"requests": {"storage": volume.size.value}},
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
fn fixed(
    builder: &StackBuilder<'_>,
    volume: &Volume,
    name: &str,
    (server, path): (&str, String),
) -> Value {
    json!({
        "apiVersion": "v1",
        "kind": "PersistentVolume",
        "metadata": {"name": name, "labels": builder.labels()},
        "spec": {
            "capacity": {"storage": volume.size.value},
            "accessModes": [access(volume)],
            "persistentVolumeReclaimPolicy": "Retain",
            "storageClassName": "",
            "claimRef": {"namespace": builder.namespace(), "name": volume.name.value},
            "nfs": {"server": server, "path": path},
        },
    })
}

#[cfg(test)]
mod tests {
    use super::nfs;

    #[test]
    fn an_export_is_a_server_and_a_path() {
        assert_eq!(nfs("nfs://10.0.0.20/export/a"), Some(("10.0.0.20", "/export/a".to_owned())));
        assert_eq!(nfs("nfs://nas:/export"), Some(("nas", "/export".to_owned())));
        assert_eq!(nfs("nfs:///export"), None);
        assert_eq!(nfs("10.0.0.20:/export"), None);
    }
}
