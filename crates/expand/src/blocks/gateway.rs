//! `gateway` to a Gateway with one listener per door.

use serde_json::{Value, json};
use stackctl_lang::{Gateway, Listener};
use stackctl_model::{Finding, Spanned};

use super::builder::StackBuilder;

pub(super) fn make(builder: &mut StackBuilder<'_>) {
    for gateway in &builder.stack.gateways {
        if gateway.listeners.is_empty() {
            let message = format!("gateway {} has no door", gateway.name.value);
            builder.findings.push(
                Finding::error("no-listeners", message, gateway.name.span)
                    .help("Give it one: `https \"*.lab.example.com\" issuer=letsencrypt`."),
            );
            continue;
        }
        let issuer = issuer(gateway, builder.findings);
        let listeners: Vec<Value> =
            gateway.listeners.iter().map(|door| listener(gateway, door)).collect();
        check_certificates(builder, gateway);
        let mut metadata = json!({
            "name": gateway.name.value, "namespace": builder.namespace(), "labels": builder.labels(),
        });
        if let Some(issuer) = issuer {
            metadata["annotations"] = json!({"cert-manager.io/cluster-issuer": issuer.value});
        }
        let mut spec = json!({"gatewayClassName": gateway.class.value, "listeners": listeners});
        if let Some(address) = &gateway.address {
            spec["addresses"] = json!([{"type": "IPAddress", "value": address.value}]);
        }
        let value = json!({
            "apiVersion": "gateway.networking.k8s.io/v1",
            "kind": "Gateway",
            "metadata": metadata,
            "spec": spec,
        });
        builder.object(value, gateway.span);
    }
}

/// cert-manager reads one issuer per Gateway.
fn issuer<'a>(gateway: &'a Gateway, findings: &mut Vec<Finding>) -> Option<&'a Spanned<String>> {
    let mut issuers = gateway.listeners.iter().filter_map(|listener| listener.issuer.as_ref());
    let first = issuers.next()?;
    if let Some(other) = issuers.find(|other| other.value != first.value) {
        let message = format!(
            "gateway {} asks both {} and {} for certificates; one gateway can have one issuer",
            gateway.name.value, first.value, other.value
        );
        findings.push(
            Finding::error("two-issuers", message, other.span)
                .also(first.span, "the other one")
                .help("Declare a second gateway for these hosts."),
        );
    }
    Some(first)
}

fn listener(gateway: &Gateway, listener: &Listener) -> Value {
    let slug = slug(gateway, &listener.host.value);
    if !listener.tls {
        return json!({
            "name": format!("http-{slug}"),
            "hostname": listener.host.value,
            "port": 80,
            "protocol": "HTTP",
        });
    }
    json!({
        "name": format!("https-{slug}"),
        "hostname": listener.host.value,
        "port": 443,
        "protocol": "HTTPS",
        "tls": {
            "mode": "Terminate",
            "certificateRefs": [{"kind": "Secret", "name": certificate(gateway, listener)}],
        },
    })
}

/// A host as part of a name; of two hosts that read alike the later one is numbered.
fn slug(gateway: &Gateway, host: &str) -> String {
    let wanted = plain(host);
    let mut alike: Vec<&str> = Vec::new();
    for other in gateway.listeners.iter().map(|listener| listener.host.value.as_str()) {
        if plain(other) == wanted && !alike.contains(&other) {
            alike.push(other);
        }
    }
    match alike.iter().position(|other| *other == host) {
        None | Some(0) => wanted,
        Some(before) => format!("{wanted}-{}", before + 1),
    }
}

/// `*.lab.example.com` as `wildcard-lab-example-com`.
fn plain(host: &str) -> String {
    host.replacen('*', "wildcard", 1).replace('.', "-")
}

/// The Secret a door's certificate is kept in.
fn certificate(gateway: &Gateway, listener: &Listener) -> String {
    format!("{}-{}-tls", gateway.name.value, slug(gateway, &listener.host.value))
}

/// A door whose certificate nobody makes stays shut.
fn check_certificates(builder: &mut StackBuilder<'_>, gateway: &Gateway) {
    for listener in gateway.listeners.iter().filter(|one| one.tls && one.issuer.is_none()) {
        let name = certificate(gateway, listener);
        if builder.stack.secrets.iter().any(|secret| secret.name.value == name) {
            continue;
        }
        let message =
            format!("nothing in this stack makes the certificate of {}", listener.host.value);
        builder.findings.push(
            Finding::warning("no-certificate", message, listener.span)
                .help("Let cert-manager make it: `issuer=NAME`.")
                .help(format!(
                    "Or bring it: `secret {name} {{ tls.crt (file)\"…\"; tls.key (file)\"…\"; }}`."
                )),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn listener_names_read_like_their_hosts() {
        assert_eq!(plain("*.lab.example.com"), "wildcard-lab-example-com");
        assert_eq!(plain("tv.example.com"), "tv-example-com");
    }
}
