//! `network zero-trust` to one `CiliumNetworkPolicy` per app: nothing passes but what the stack declares.

use serde_json::{Value, json};

use super::builder::StackBuilder;
use super::connections::{Connections, Outside, listening, read};
use super::policy::{Rules, pods};
use crate::expanded_app::{ExpandedApp, OwnPods, port};

pub(super) fn make(builder: &mut StackBuilder<'_>) {
    let connections = read(builder);
    for app in builder.apps.iter().filter(|app| is_closed(app)) {
        let span = app.span_of_word("network");
        let mut rules = Rules::default();
        allow_in(builder, app, &connections, &mut rules);
        allow_out(builder, app, &connections, &mut rules);
        let value = policy(builder, &app.name, rules);
        builder.object_of(Some(&app.name), value, span);
        for pods in &app.effects.own_pods {
            let value = own_pods_policy(builder, app, pods);
            builder.object_of(Some(&app.name), value, pods.span);
        }
    }
}

fn is_closed(app: &ExpandedApp) -> bool {
    let said = app.said("network").last();
    match said.and_then(|block| block.args.first()).and_then(|arg| arg.value.as_text()) {
        Some(mode) => mode == "zero-trust",
        None => app.value("network") == "zero-trust",
    }
}

/// The pods of an app.
fn labels(builder: &StackBuilder<'_>, name: &str) -> Value {
    json!({
        "app.kubernetes.io/name": name,
        "app.kubernetes.io/instance": builder.stack.name.value,
    })
}

fn policy(builder: &StackBuilder<'_>, name: &str, rules: Rules) -> Value {
    json!({
        "apiVersion": "cilium.io/v2",
        "kind": "CiliumNetworkPolicy",
        "metadata": {"name": name, "namespace": builder.namespace(), "labels": builder.labels()},
        "spec": rules.into_spec(&labels(builder, name)),
    })
}

fn tcp(ports: &[u16]) -> Vec<(u16, &'static str)> {
    ports.iter().map(|port| (*port, "TCP")).collect()
}

fn allow_in(
    builder: &StackBuilder<'_>,
    app: &ExpandedApp,
    connections: &Connections,
    rules: &mut Rules,
) {
    let own: Vec<u16> = app.port().into_iter().collect();
    if app.has("expose") && !own.is_empty() {
        rules.allow_in(("fromEntities", json!(["ingress"])), &tcp(&own));
    }
    if is_outside(app) {
        rules.allow_in(("fromEntities", json!(["world"])), &all_ports(app));
    }
    for connection in connections.from.get(&app.name).into_iter().flatten() {
        rules.allow_in(
            ("fromEndpoints", pods(&labels(builder, &connection.other))),
            &tcp(&connection.ports),
        );
    }
    for own_pods in &app.effects.own_pods {
        rules.allow_in(("fromEndpoints", pods(&labels(builder, &own_pods.name))), &tcp(&own));
    }
    for opened in &app.effects.opened {
        let namespace = json!({"k8s:io.kubernetes.pod.namespace": opened.namespace});
        rules.allow_in(("fromEndpoints", pods(&namespace)), &tcp(&[opened.port]));
    }
}

fn allow_out(
    builder: &StackBuilder<'_>,
    app: &ExpandedApp,
    connections: &Connections,
    rules: &mut Rules,
) {
    rules.allow_names();
    for connection in connections.to.get(&app.name).into_iter().flatten() {
        rules.allow_out(
            ("toEndpoints", pods(&labels(builder, &connection.other))),
            &tcp(&connection.ports),
        );
    }
    if app.value("internet") == &json!(true) {
        rules.allow_out(("toCIDRSet", internet()), &[(443, "TCP"), (80, "TCP")]);
    }
    if super::auth::mode(app) == Some("oidc") {
        rules.allow_out(("toEntities", login_entities(builder)), &[(443, "TCP")]);
    }
    for reach in connections.outside.get(&app.name).into_iter().flatten() {
        match &reach.outside {
            Outside::Network { cidr, except } => {
                let mut network = json!({"cidr": cidr});
                if !except.is_empty() {
                    network["except"] = json!(except);
                }
                rules.allow_out(("toCIDRSet", json!([network])), &tcp(&reach.ports));
            }
            Outside::Host(host) => {
                let key = if host.contains('*') { "matchPattern" } else { "matchName" };
                let ports = if reach.ports.is_empty() { &[443][..] } else { &reach.ports };
                rules.allow_out(("toFQDNs", json!([{key: host}])), &tcp(ports));
            }
        }
    }
}

/// Addresses of the internet: Cilium's `world` would take the home's own machines along.
fn internet() -> Value {
    json!([
        {"cidr": "0.0.0.0/0", "except": [
            "10.0.0.0/8", "100.64.0.0/10", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16",
        ]},
        {"cidr": "::/0", "except": ["fc00::/7", "fe80::/10"]},
    ])
}

/// Where an app finds its login server: behind a gateway of this cluster, or anywhere.
fn login_entities(builder: &StackBuilder<'_>) -> Value {
    let url = builder.stack.auth.as_ref().and_then(|auth| auth.url.as_ref());
    let domain = builder.stack.domain.as_ref();
    let host = url.map(|url| url.value.host());
    match (host, domain) {
        (Some(host), Some(domain)) if host.ends_with(&format!(".{}", domain.value)) => {
            json!(["ingress", "cluster"])
        }
        (Some(_) | None, Some(_) | None) => json!(["ingress", "cluster", "world"]),
    }
}

/// Whether its Service can be reached without a gateway.
fn is_outside(app: &ExpandedApp) -> bool {
    let kind = app.value("service").get("type").and_then(Value::as_str);
    matches!(kind, Some("LoadBalancer" | "NodePort"))
}

fn all_ports(app: &ExpandedApp) -> Vec<(u16, &str)> {
    let own = app.port().map(|port| (port, "TCP"));
    let more = listening(app).filter_map(|one| {
        Some((
            port(one.get("port")?)?,
            one.get("protocol").and_then(Value::as_str).unwrap_or("TCP"),
        ))
    });
    own.into_iter().chain(more).collect()
}

/// What an app runs in pods of its own reaches the app and nothing else, and nobody reaches it.
fn own_pods_policy(builder: &StackBuilder<'_>, app: &ExpandedApp, own_pods: &OwnPods) -> Value {
    let mut rules = Rules::default();
    rules.allow_names();
    let own: Vec<u16> = app.port().into_iter().collect();
    rules.allow_out(("toEndpoints", pods(&labels(builder, &app.name))), &tcp(&own));
    policy(builder, &own_pods.name, rules)
}
