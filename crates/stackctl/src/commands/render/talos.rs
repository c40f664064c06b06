//! A node's settings as a patch of Talos' machine configuration.

use serde_json::{Map, Value, json};
use stackctl_model::NodeSetting;

use super::nodes::Wanted;

/// The patch, for `talosctl patch machineconfig --patch @FILE`.
pub(super) fn patch(wanted: &Wanted<'_>) -> String {
    let mut sysctls = Map::new();
    let mut modules = Vec::new();
    let mut notes = Vec::new();
    let mut machine = Map::new();
    for setting in &wanted.settings {
        match setting {
            NodeSetting::Sysctl { key, value, .. } => {
                sysctls.insert(key.clone(), json!(value));
            }
            NodeSetting::KernelModule { name } => modules.push(json!({"name": name})),
            NodeSetting::Package { name, .. } => notes.push(match name.as_str() {
                "open-iscsi" => {
                    "the extensions siderolabs/iscsi-tools and siderolabs/util-linux-tools"
                        .to_owned()
                }
                // The kernel and the kubelet of Talos have what NFS needs.
                "nfs-common" => continue,
                other => format!("an extension that brings {}", one_line(other)),
            }),
            // Longhorn mounts its disks from inside the kubelet.
            NodeSetting::Multipath => {
                machine.insert(
                    "kubelet".to_owned(),
                    json!({"extraMounts": [{
                        "destination": "/var/lib/longhorn", "type": "bind", "source": "/var/lib/longhorn",
                        "options": ["bind", "rshared", "rw"],
                    }]}),
                );
            }
            NodeSetting::Service { .. } | NodeSetting::Mount { .. } | NodeSetting::Gpu { .. } => {}
        }
    }
    if !sysctls.is_empty() {
        machine.insert("sysctls".to_owned(), Value::Object(sysctls));
    }
    if !modules.is_empty() {
        machine.insert("kernel".to_owned(), json!({"modules": modules}));
    }
    let mut text = format!("# What the stack {} asks of {}.\n", wanted.stack, wanted.node);
    for note in notes {
        text.push_str(&format!("# Its image needs {note}.\n"));
    }
    text.push_str(
        &serde_saphyr::to_string(&json!({"machine": machine})).expect("settings are plain data"),
    );
    if !text.ends_with('\n') {
        text.push('\n');
    }
    text
}

fn one_line(text: &str) -> String {
    text.replace(char::is_control, " ")
}
