//! What runs pods.

use serde_json::Value;
use stackctl_model::{Dependents, ResourceId, Risk};

use super::readiness::{Readiness, ReadinessContext, conditions, holds, is_unseen, unseen};
use super::rules::{
    Data, Holding, Immutable, KindRules, Prefix, Removal, ReplaceRule, Stopping, Waiting,
};

const APPS: &str = "apps";

const TEMPLATE: Prefix = Prefix(&["spec", "template"]);

/// Selectors are fixed, since a changed one would leave the pods of the old one to nobody.
const SELECTOR: Immutable = Immutable::fields(&[Prefix(&["spec", "selector"])]);

pub(super) const KINDS: &[KindRules] = &[
    KindRules {
        data: Data::Always(Holding::RunsOnData),
        stopping: Stopping::Replicas,
        removal: Removal::Workload,
        immutable: SELECTOR,
        readiness: Waiting::until(replicas),
        ..runs("Deployment")
    },
    KindRules {
        data: Data::OfObject(claims_of_its_own),
        stopping: Stopping::Replicas,
        removal: Removal::Workload,
        immutable: Immutable::spec_but(&[
            Prefix(&["spec", "replicas"]),
            Prefix(&["spec", "template"]),
            Prefix(&["spec", "updateStrategy"]),
            Prefix(&["spec", "persistentVolumeClaimRetentionPolicy"]),
            Prefix(&["spec", "minReadySeconds"]),
            Prefix(&["spec", "revisionHistoryLimit"]),
            Prefix(&["spec", "ordinals"]),
        ]),
        replacement: ReplaceRule {
            dependents: Dependents::Stay,
            ..ReplaceRule::always(
                Risk::Disruption,
                "deleted without its pods and made anew; its claims stay",
            )
        },
        readiness: Waiting::until(replicas),
        ..runs("StatefulSet")
    },
    KindRules {
        removal: Removal::Workload,
        immutable: SELECTOR,
        readiness: Waiting::until(one_on_each_node),
        ..runs("DaemonSet")
    },
    runs("ReplicaSet"),
    KindRules { readiness: Waiting::until(pod), ..KindRules::plain("", "Pod") },
];

const fn runs(kind: &'static str) -> KindRules {
    KindRules {
        pod_template: Some(TEMPLATE),
        foundation: runtime_class,
        ..KindRules::plain(APPS, kind)
    }
}

fn runtime_class(workload: &Value) -> Option<ResourceId> {
    runtime_class_of(TEMPLATE.of(workload))
}

/// The runtime that pods of this template ask for.
pub(super) fn runtime_class_of(template: &Value) -> Option<ResourceId> {
    let name = template["spec"]["runtimeClassName"].as_str().filter(|name| !name.is_empty())?;
    Some(ResourceId::object("node.k8s.io", "RuntimeClass", None, name))
}

/// Claims that a `StatefulSet` makes stay when it goes, unless it says that they go with it.
fn claims_of_its_own(set: &Value) -> Holding {
    let spec = &set["spec"];
    let goes_with_it = spec["persistentVolumeClaimRetentionPolicy"]["whenDeleted"] == "Delete";
    if spec["volumeClaimTemplates"].is_array() && goes_with_it {
        Holding::Data
    } else {
        Holding::RunsOnData
    }
}

fn replicas(workload: &Value, _: ReadinessContext) -> Readiness {
    let wanted = workload["spec"]["replicas"].as_i64().unwrap_or(1);
    rollout(workload, wanted, ["updatedReplicas", "availableReplicas"])
}

fn one_on_each_node(set: &Value, _: ReadinessContext) -> Readiness {
    let wanted = set["status"]["desiredNumberScheduled"].as_i64().unwrap_or(0);
    rollout(set, wanted, ["updatedNumberScheduled", "numberAvailable"])
}

/// Ready when as many pods as are wanted are up to date, and as many available.
fn rollout(workload: &Value, wanted: i64, [updated, available]: [&str; 2]) -> Readiness {
    if is_unseen(workload) {
        return unseen();
    }
    let number = |name: &str| workload["status"][name].as_i64().unwrap_or(0);
    let ready = number(updated).min(number(available));
    if ready >= wanted {
        return Readiness::Ready;
    }
    Readiness::Missing(format!("{ready} of {wanted} pods are ready"))
}

fn pod(pod: &Value, _: ReadinessContext) -> Readiness {
    let status = &pod["status"];
    match status["phase"].as_str() {
        Some("Succeeded") => Readiness::Ready,
        Some("Failed") => Readiness::Failed("the pod failed".to_owned()),
        Some(_) | None if holds(&status["conditions"], "Ready") => Readiness::Ready,
        Some(_) | None => conditions(pod, &status["conditions"], &["Ready"]),
    }
}
