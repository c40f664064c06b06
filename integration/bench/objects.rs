//! The objects that every peer is given.

use std::fmt::Write;

use serde_json::{Value, json};

/// A namespace, and a `ConfigMap`, a Service and a Deployment for each app.
pub(crate) fn values(namespace: &str, apps: usize) -> Vec<Value> {
    let mut values =
        vec![json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace}})];
    for app in 0..apps {
        let name = format!("app-{app}");
        let metadata = json!({"name": name, "namespace": namespace});
        let labels = json!({"app": name});
        values.push(json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata,
            "data": {"settings": "theme=dark\nlanguage=en\n"}}));
        values.push(json!({"apiVersion": "v1", "kind": "Service", "metadata": metadata,
            "spec": {"selector": labels, "ports": [{"name": "http", "port": 80, "targetPort": 8080}]}}));
        values.push(json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata,
            "spec": {"replicas": 1, "selector": {"matchLabels": labels}, "template": {
                "metadata": {"labels": labels},
                "spec": {"containers": [{"name": "app", "image": "example.com/app:1.0.0",
                    "resources": {"requests": {"cpu": "10m", "memory": "32Mi"}},
                    "ports": [{"containerPort": 8080}]}]}}}}));
    }
    values
}

/// The same as documents of one file (JSON is YAML too).
pub(crate) fn yaml(namespace: &str, apps: usize) -> String {
    values(namespace, apps).iter().fold(String::new(), |mut text, value| {
        let _ = writeln!(text, "---\n{value}");
        text
    })
}

/// So many small objects for a plan.
pub(crate) fn config_maps(count: usize) -> String {
    (0..count).fold(String::new(), |mut text, number| {
        let _ = writeln!(
            text,
            "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {{name: object-{number}}}\ndata: {{number: \"{number}\"}}"
        );
        text
    })
}
