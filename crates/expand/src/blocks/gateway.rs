//! `gateway` to a Gateway with one listener per door.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use stackctl_lang::{Gateway, Listener};
use stackctl_model::{Finding, Spanned};

use super::made::Made;

pub(super) fn make(made: &mut Made<'_>) {
    for gateway in &made.stack.gateways {
        if gateway.listeners.is_empty() {
            let message = format!("gateway {} has no door", gateway.name.value);
            made.findings.push(
                Finding::error("no-listeners", message, gateway.name.span)
                    .help("Give it one: `https \"*.lab.example.com\" issuer=letsencrypt`."),
            );
            continue;
        }
        let issuer = issuer(gateway, made.findings);
        let listeners = listeners(gateway, made.findings);
        check_certificates(made, gateway);
        let mut metadata = json!({
            "name": gateway.name.value, "namespace": made.namespace(), "labels": made.labels(),
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
        made.object(value, gateway.span);
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

fn listeners(gateway: &Gateway, findings: &mut Vec<Finding>) -> Vec<Value> {
    let mut names = BTreeSet::new();
    let mut listeners = Vec::new();
    for listener in &gateway.listeners {
        let name = listener_name(listener);
        if !names.insert(name.clone()) {
            let message =
                format!("gateway {} has two doors for {}", gateway.name.value, listener.host.value);
            findings.push(Finding::error("duplicate-listener", message, listener.host.span));
            continue;
        }
        listeners.push(if listener.tls {
            json!({
                "name": name,
                "hostname": listener.host.value,
                "port": 443,
                "protocol": "HTTPS",
                "tls": {
                    "mode": "Terminate",
                    "certificateRefs": [{"kind": "Secret", "name": certificate(gateway, listener)}],
                },
            })
        } else {
            let (host, port) = (&listener.host.value, 80);
            json!({"name": name, "hostname": host, "port": port, "protocol": "HTTP"})
        });
    }
    listeners
}

/// `*.lab.example.com` as `wildcard-lab-example-com`.
fn slug(host: &str) -> String {
    host.replacen('*', "wildcard", 1).replace('.', "-")
}

fn listener_name(listener: &Listener) -> String {
    let scheme = if listener.tls { "https" } else { "http" };
    format!("{scheme}-{}", slug(&listener.host.value))
}

/// The Secret a door's certificate is kept in.
fn certificate(gateway: &Gateway, listener: &Listener) -> String {
    format!("{}-{}-tls", gateway.name.value, slug(&listener.host.value))
}

/// A door whose certificate nobody makes stays shut.
fn check_certificates(made: &mut Made<'_>, gateway: &Gateway) {
    for listener in gateway.listeners.iter().filter(|one| one.tls && one.issuer.is_none()) {
        let name = certificate(gateway, listener);
        if made.stack.secrets.iter().any(|secret| secret.name.value == name) {
            continue;
        }
        let message =
            format!("nothing in this stack makes the certificate of {}", listener.host.value);
        made.findings.push(
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
    use super::slug;

    #[test]
    fn listener_names_read_like_their_hosts() {
        assert_eq!(slug("*.lab.example.com"), "wildcard-lab-example-com");
        assert_eq!(slug("tv.example.com"), "tv-example-com");
    }
}
