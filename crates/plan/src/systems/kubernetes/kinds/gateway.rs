//! The Gateway API: classes, gateways and routes.

use serde_json::Value;
use stackctl_model::ResourceId;

use super::readiness::{Readiness, ReadinessContext, conditions};
use super::rules::{Beside, KindRules, Removal, Waiting};

const GATEWAYS: &str = "gateway.networking.k8s.io";

pub(super) const KINDS: &[KindRules] = &[
    // A controller holds a class for as long as a gateway names it.
    KindRules {
        removal: Removal::Driver,
        readiness: Waiting::until(class),
        ..KindRules::plain(GATEWAYS, "GatewayClass")
    },
    KindRules {
        removal: Removal::Foundation,
        readiness: Waiting::until(gateway),
        foundation: gateway_class,
        ..KindRules::plain(GATEWAYS, "Gateway")
    },
    KindRules {
        readiness: Waiting::Until { readiness: route, beside: Beside::Gateways },
        ..front("HTTPRoute")
    },
    front("GRPCRoute"),
    front("TLSRoute"),
    front("TCPRoute"),
    front("UDPRoute"),
    KindRules::plain(GATEWAYS, "BackendTLSPolicy"),
    KindRules::plain(GATEWAYS, "ReferenceGrant"),
];

const fn front(kind: &'static str) -> KindRules {
    KindRules { removal: Removal::Front, ..KindRules::plain(GATEWAYS, kind) }
}

fn gateway_class(gateway: &Value) -> Option<ResourceId> {
    let name = gateway["spec"]["gatewayClassName"].as_str().filter(|name| !name.is_empty())?;
    Some(ResourceId::object(GATEWAYS, "GatewayClass", None, name))
}

fn class(class: &Value, _: ReadinessContext) -> Readiness {
    conditions(class, &class["status"]["conditions"], &["Accepted"])
}

fn gateway(gateway: &Value, _: ReadinessContext) -> Readiness {
    conditions(gateway, &gateway["status"]["conditions"], &["Accepted", "Programmed"])
}

/// Accepted by each gateway that has looked at it. That a listener took it, only the gateway says.
fn route(route: &Value, _: ReadinessContext) -> Readiness {
    let parents = route["status"]["parents"].as_array().map(Vec::as_slice).unwrap_or_default();
    if parents.is_empty() {
        return Readiness::Missing("no gateway has taken it yet".to_owned());
    }
    let names = ["Accepted", "ResolvedRefs"];
    let judged = parents.iter().map(|parent| conditions(route, &parent["conditions"], &names));
    judged.into_iter().find(|one| *one != Readiness::Ready).unwrap_or(Readiness::Ready)
}
