//! How workloads are found: services, ingresses, addresses.

use serde_json::Value;

use super::readiness::{Readiness, ReadinessContext};
use super::rules::{Immutable, KindRules, Prefix, Removal, Waiting};

const METALLB: &str = "metallb.io";
const NETWORKING: &str = "networking.k8s.io";
const TRAEFIK: &str = "traefik.io";

pub(super) const KINDS: &[KindRules] = &[
    KindRules {
        immutable: Immutable::fields(&[Prefix(&["spec", "clusterIP"])]),
        readiness: Waiting::until(service),
        ..KindRules::plain("", "Service")
    },
    KindRules::plain("", "Endpoints"),
    KindRules::plain("discovery.k8s.io", "EndpointSlice"),
    front(NETWORKING, "Ingress"),
    KindRules::plain(NETWORKING, "IngressClass"),
    KindRules::plain("cilium.io", "CiliumLoadBalancerIPPool"),
    KindRules::plain("cilium.io", "CiliumL2AnnouncementPolicy"),
    KindRules::plain("cilium.io", "CiliumBGPClusterConfig"),
    KindRules::plain("cilium.io", "CiliumBGPPeerConfig"),
    KindRules::plain("cilium.io", "CiliumBGPAdvertisement"),
    KindRules::plain(METALLB, "IPAddressPool"),
    KindRules::plain(METALLB, "L2Advertisement"),
    KindRules::plain(METALLB, "BGPPeer"),
    KindRules::plain(METALLB, "BGPAdvertisement"),
    front(TRAEFIK, "IngressRoute"),
    front(TRAEFIK, "IngressRouteTCP"),
    front(TRAEFIK, "IngressRouteUDP"),
    KindRules::plain(TRAEFIK, "Middleware"),
    KindRules::plain(TRAEFIK, "MiddlewareTCP"),
    KindRules::plain(TRAEFIK, "ServersTransport"),
    KindRules::plain(TRAEFIK, "TLSOption"),
];

const fn front(group: &'static str, kind: &'static str) -> KindRules {
    KindRules { removal: Removal::Front, ..KindRules::plain(group, kind) }
}

/// Only a load balancer's address is given later.
fn service(service: &Value, _: ReadinessContext) -> Readiness {
    let is_balanced = service["spec"]["type"] == "LoadBalancer";
    if is_balanced && service["status"]["loadBalancer"]["ingress"][0].is_null() {
        return Readiness::Missing("it has no address yet".to_owned());
    }
    Readiness::Ready
}
