//! What workloads may do, and how much of it: traffic, admission, disruption, scale and limits.

use super::rules::KindRules;

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
    KindRules::plain(ADMISSION, "MutatingWebhookConfiguration"),
    KindRules::plain(ADMISSION, "ValidatingWebhookConfiguration"),
    KindRules::plain(ADMISSION, "ValidatingAdmissionPolicy"),
    KindRules::plain(ADMISSION, "ValidatingAdmissionPolicyBinding"),
    KindRules::plain(ADMISSION, "MutatingAdmissionPolicy"),
    KindRules::plain(ADMISSION, "MutatingAdmissionPolicyBinding"),
];
