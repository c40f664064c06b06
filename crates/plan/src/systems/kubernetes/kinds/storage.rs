//! Classes that claims name.

use serde_json::Value;
use stackctl_model::{Dependents, Live, ObjectId, ResourceId, Risk};

use super::rules::{Immutable, KindRules, Prefix, Removal, ReplaceRule, ReplacementEffect};

const STORAGE: &str = "storage.k8s.io";

const LONGHORN_DRIVER: &str = "driver.longhorn.io";

pub(super) const KINDS: &[KindRules] = &[
    KindRules {
        removal: Removal::Foundation,
        immutable: Immutable::fields(&[
            Prefix(&["parameters"]),
            Prefix(&["provisioner"]),
            Prefix(&["reclaimPolicy"]),
            Prefix(&["volumeBindingMode"]),
        ]),
        // Claims keep the settings that their class had when they were bound.
        replacement: ReplaceRule {
            risk: Risk::None,
            effect: ReplacementEffect::Seen(volumes_keep_their_settings),
            dependents: Dependents::GoWithIt,
        },
        foundation: longhorn_driver,
        ..KindRules::plain(STORAGE, "StorageClass")
    },
    KindRules::plain(STORAGE, "VolumeAttributesClass"),
    KindRules { removal: Removal::Driver, ..KindRules::plain(STORAGE, "CSIDriver") },
    KindRules::plain("snapshot.storage.k8s.io", "VolumeSnapshotClass"),
];

fn volumes_keep_their_settings(class: &ObjectId, live: &Live) -> String {
    let is_of_class = |(id, object): &(&ResourceId, &Value)| {
        id.is_kind("", "PersistentVolumeClaim")
            && object["spec"]["storageClassName"] == class.name.as_str()
    };
    let claims = live.cluster.objects.iter().filter(is_of_class).count();
    format!(
        "the class is deleted and made anew; existing volumes keep their settings ({claims} claims of this stack), \
         change those in Longhorn"
    )
}

/// Other drivers need not register, such as those that stand outside the cluster.
fn longhorn_driver(class: &Value) -> Option<ResourceId> {
    let driver = class["provisioner"].as_str().filter(|name| *name == LONGHORN_DRIVER)?;
    Some(ResourceId::object(STORAGE, "CSIDriver", None, driver))
}
