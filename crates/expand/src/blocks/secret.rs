//! `secret` to a Secret; its values are holes that a target fills when it sends the object.

use serde_json::json;

use super::made::Made;

pub(super) fn make(made: &mut Made<'_>) {
    for secret in &made.stack.secrets {
        let has = |key: &str| secret.keys.iter().any(|(name, _)| name.value == key);
        let kind = if has("tls.crt") && has("tls.key") { "kubernetes.io/tls" } else { "Opaque" };
        let value = json!({
            "apiVersion": "v1",
            "kind": "Secret",
            "type": kind,
            "metadata": {
                "name": secret.name.value, "namespace": made.namespace(), "labels": made.labels(),
            },
        });
        let secrets = secret
            .keys
            .iter()
            .map(|(key, source)| (key.value.clone(), source.value.clone()))
            .collect();
        made.secret(value, secrets, secret.span);
    }
}
