//! `secret` to a Secret; its values are holes that a target fills when it sends the object.

use serde_json::json;

use super::builder::StackBuilder;

pub(super) fn make(builder: &mut StackBuilder<'_>) {
    for secret in &builder.stack.secrets {
        let has = |key: &str| secret.keys.iter().any(|(name, _)| name.value == key);
        let kind = if has("tls.crt") && has("tls.key") { "kubernetes.io/tls" } else { "Opaque" };
        let value = json!({
            "apiVersion": "v1",
            "kind": "Secret",
            "type": kind,
            "metadata": {
                "name": secret.name.value, "namespace": builder.namespace(), "labels": builder.labels(),
            },
        });
        let secrets = secret
            .keys
            .iter()
            .map(|(key, source)| (key.value.clone(), source.value.clone()))
            .collect();
        builder.secret(value, secrets, secret.span);
    }
}
