//! The parts of a `CiliumNetworkPolicy`. Ports are always those of pods, never of Services; networks are
//! never used for pods, which Cilium would not match by them.

use serde_json::{Map, Value, json};

/// Rules of one policy while they are gathered.
#[derive(Default)]
pub(super) struct Rules {
    ingress: Vec<Value>,
    egress: Vec<Value>,
}

impl Rules {
    /// The rules as a `spec` for the pods with these labels. Nothing else passes, either way.
    pub(super) fn into_spec(self, labels: &Value) -> Value {
        // An empty rule allows nothing; without any rule Cilium would take the direction for open.
        let or_none = |rules: Vec<Value>| if rules.is_empty() { vec![json!({})] } else { rules };
        json!({
            "endpointSelector": {"matchLabels": labels},
            "enableDefaultDeny": {"ingress": true, "egress": true},
            "ingress": or_none(self.ingress),
            "egress": or_none(self.egress),
        })
    }

    pub(super) fn allow_in(&mut self, from: (&str, Value), ports: &[(u16, &str)]) {
        self.ingress.push(rule(from, ports));
    }

    pub(super) fn allow_out(&mut self, to: (&str, Value), ports: &[(u16, &str)]) {
        self.egress.push(rule(to, ports));
    }

    /// Names, through the proxy that also tells Cilium which addresses a name has.
    pub(super) fn allow_names(&mut self) {
        self.egress.push(json!({
            "toEndpoints": [{"matchLabels": {
                "k8s:io.kubernetes.pod.namespace": "kube-system",
                "k8s:k8s-app": "kube-dns",
            }}],
            "toPorts": [{
                "ports": [{"port": "53", "protocol": "UDP"}, {"port": "53", "protocol": "TCP"}],
                "rules": {"dns": [{"matchPattern": "*"}]},
            }],
        }));
    }
}

fn rule((peer, value): (&str, Value), ports: &[(u16, &str)]) -> Value {
    let mut rule = Map::new();
    rule.insert(peer.to_owned(), value);
    if !ports.is_empty() {
        let ports: Vec<Value> = ports
            .iter()
            .map(|(port, protocol)| json!({"port": port.to_string(), "protocol": protocol}))
            .collect();
        rule.insert("toPorts".to_owned(), json!([{"ports": ports}]));
    }
    Value::Object(rule)
}

/// Pods with these labels, as a peer.
pub(super) fn pods(labels: &Value) -> Value {
    json!([{"matchLabels": labels}])
}
