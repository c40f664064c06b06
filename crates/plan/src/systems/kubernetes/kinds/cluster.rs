//! The cluster's own: machines and what they offer.

use super::rules::KindRules;

const RESOURCES: &str = "resource.k8s.io";

pub(super) const KINDS: &[KindRules] = &[
    // Neither made nor deleted: only its labels, annotations and taints are the stack's.
    KindRules::plain("", "Node"),
    KindRules::plain("node.k8s.io", "RuntimeClass"),
    KindRules::plain(RESOURCES, "DeviceClass"),
    KindRules::plain(RESOURCES, "ResourceClaim"),
    KindRules::plain(RESOURCES, "ResourceClaimTemplate"),
];
