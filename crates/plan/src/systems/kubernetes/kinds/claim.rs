//! Where data is: claims, the volumes behind them and their snapshots.

use serde_json::Value;
use stackctl_model::{ResourceId, Risk};

use super::readiness::{ClaimBinding, Readiness, ReadinessContext};
use super::rules::{
    Beside, Data, Holding, Immutable, KindRules, Prefix, Removal, ReplaceRule, Waiting,
};

const SNAPSHOTS: &str = "snapshot.storage.k8s.io";

const LOST: ReplaceRule =
    ReplaceRule::always(Risk::Data, "deleted and made anew: what is on it is lost");

pub(super) const KINDS: &[KindRules] = &[
    KindRules {
        removal: Removal::Claim,
        // A claim may grow and change its performance, and nothing else.
        immutable: Immutable::spec_but(&[
            Prefix(&["spec", "resources"]),
            Prefix(&["spec", "volumeAttributesClassName"]),
        ]),
        readiness: Waiting::Until { readiness: claim, beside: Beside::StorageClass },
        foundation: storage_class,
        ..holds_data("", "PersistentVolumeClaim")
    },
    KindRules { removal: Removal::Foundation, ..holds_data("", "PersistentVolume") },
    KindRules { readiness: Waiting::until(snapshot), ..holds_data(SNAPSHOTS, "VolumeSnapshot") },
    holds_data(SNAPSHOTS, "VolumeSnapshotContent"),
];

const fn holds_data(group: &'static str, kind: &'static str) -> KindRules {
    KindRules {
        data: Data::Always(Holding::Data),
        replacement: LOST,
        ..KindRules::plain(group, kind)
    }
}

fn storage_class(claim: &Value) -> Option<ResourceId> {
    let name = claim["spec"]["storageClassName"].as_str().filter(|name| !name.is_empty())?;
    Some(ResourceId::object("storage.k8s.io", "StorageClass", None, name))
}

fn claim(claim: &Value, context: ReadinessContext) -> Readiness {
    match (claim["status"]["phase"].as_str().unwrap_or("Pending"), context.binding) {
        ("Bound", _) | ("Pending", ClaimBinding::WaitForFirstConsumer) => Readiness::Ready,
        ("Lost", _) => Readiness::Failed("its volume is lost".to_owned()),
        _ => Readiness::Missing("it is not bound to a volume yet".to_owned()),
    }
}

fn snapshot(snapshot: &Value, _: ReadinessContext) -> Readiness {
    let status = &snapshot["status"];
    match status["error"]["message"].as_str() {
        _ if status["readyToUse"] == true => Readiness::Ready,
        Some(why) => Readiness::Missing(format!("it is not ready to use yet: {why}")),
        None => Readiness::Missing("it is not ready to use yet".to_owned()),
    }
}
