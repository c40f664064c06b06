//! What workloads may do, and how much of it: traffic, admission, disruption, scale and limits.

use super::rules::{KindRules, Removal};

const ADMISSION: &str = "admissionregistration.k8s.io";
const CILIUM: &str = "cilium.io";

pub(super) const KINDS: &[KindRules] = &[
    KindRules::plain("networking.k8s.io", "NetworkPolicy"),
    KindRules::plain(CILIUM, "CiliumNetworkPolicy"),
    KindRules::plain(CILIUM, "CiliumClusterwideNetworkPolicy"),
    KindRules::plain("policy", "PodDisruptionBudget"),
    KindRules::plain("autoscaling", "HorizontalPodAutoscaler"),
    KindRules::plain("scheduling.k8s.io", "PriorityClass"),
    KindRules::plain("", "LimitRange"),
    KindRules::plain("", "ResourceQuota"),
    KindRules::plain("flowcontrol.apiserver.k8s.io", "FlowSchema"),
    KindRules::plain("flowcontrol.apiserver.k8s.io", "PriorityLevelConfiguration"),
    webhooks("MutatingWebhookConfiguration"),
    webhooks("ValidatingWebhookConfiguration"),
    KindRules::plain(ADMISSION, "ValidatingAdmissionPolicy"),
    KindRules::plain(ADMISSION, "ValidatingAdmissionPolicyBinding"),
    KindRules::plain(ADMISSION, "MutatingAdmissionPolicy"),
    KindRules::plain(ADMISSION, "MutatingAdmissionPolicyBinding"),
];

/// A webhook whose server is gone may refuse all that is still to be deleted.
const fn webhooks(kind: &'static str) -> KindRules {
    KindRules { removal: Removal::Front, ..KindRules::plain(ADMISSION, kind) }
}
