//! The ports of an app's Service and its way in.

use serde_json::{Value, json};
use stackctl_model::Finding;

use super::input::PartsInput;
use super::json::{at, fields};

pub(super) fn add(
    input: &PartsInput<'_>,
    findings: &mut Vec<Finding>,
    add: &mut impl FnMut(&str, Value) -> Option<Value>,
) {
    add("service_ports", service_ports(input));
    add("metrics_port", json!(if own_metrics_port(input).is_some() { "metrics" } else { "http" }));
    add("route", route(input, findings));
}

/// The port its metrics have beside the app's own one.
fn own_metrics_port<'a>(input: &PartsInput<'a>) -> Option<&'a Value> {
    let port = at(input.value("metrics"), "port");
    (!port.is_null() && port != input.value("port")).then_some(port)
}

fn service_ports(input: &PartsInput<'_>) -> Value {
    let service = input.value("service");
    let port = |name: &Value, port: &Value, protocol: &Value, target: &Value| json!({"name": name, "port": port, "protocol": protocol, "targetPort": target});
    let (http, tcp) = (json!("http"), json!("TCP"));
    let mut all = Vec::new();
    if !input.value("port").is_null() {
        let outside = match at(service, "port") {
            Value::Null => input.value("port"),
            outside => outside,
        };
        all.push(port(&http, outside, &tcp, &http));
    }
    for one in input.list("listen") {
        let name = at(one, "name");
        all.push(port(name, at(one, "port"), at(one, "protocol"), name));
    }
    if let Some(metrics) = own_metrics_port(input) {
        all.push(port(&json!("metrics"), metrics, &tcp, metrics));
    }
    Value::Array(all)
}

/// Host, gateway and path of the app's `HTTPRoute`; null when it has none.
fn route(input: &PartsInput<'_>, findings: &mut Vec<Finding>) -> Value {
    let expose = input.value("expose");
    if expose.is_null() {
        return Value::Null;
    }
    let domain = input.stack.domain.as_ref().map(|domain| &domain.value);
    let host = match (at(expose, "host").as_str(), domain) {
        (Some(host), _) => Some(host.to_owned()),
        (None, Some(domain)) => Some(format!("{}.{domain}", input.app)),
        (None, None) => None,
    };
    let gateway = at(expose, "gateway").as_str().or(match input.stack.gateways.as_slice() {
        [only] => Some(only.name.value.as_str()),
        _ => None,
    });
    for (missing, what, write) in [
        (
            host.is_none(),
            "has no host name",
            "Write `domain=` on the stack, or `expose host=\"…\"`.",
        ),
        (
            gateway.is_none(),
            "names no gateway",
            "Write `expose gateway=NAME` and declare the gateway.",
        ),
    ] {
        if missing {
            let message = format!("the way in of app {} {what}", input.app);
            let span = input.word_span("expose");
            findings.push(Finding::error("incomplete-expose", message, span).help(write));
        }
    }
    let port = match at(input.value("service"), "port") {
        Value::Null => input.value("port"),
        port => port,
    };
    fields([
        ("host", json!(host)),
        ("gateway", json!(gateway)),
        ("path", json!(at(expose, "path").as_str().unwrap_or("/"))),
        ("port", port.clone()),
    ])
}
