//! Requests and their answers, as JSON values.

use http::Request;
use http::header::{ACCEPT, CONTENT_TYPE};
use kube::Client;
use serde_json::Value;
use stackctl_model::ObjectId;
use stackctl_plan::FIELD_MANAGER;

use crate::kinds::Kind;

/// The path of a kind's objects, in a namespace or in all.
pub(crate) fn list_path(kind: &Kind, namespace: Option<&str>) -> String {
    let root = if kind.group.is_empty() {
        format!("/api/{}", kind.version)
    } else {
        format!("/apis/{}/{}", kind.group, kind.version)
    };
    match namespace {
        Some(namespace) => format!("{root}/namespaces/{}/{}", escaped(namespace), kind.plural),
        None => format!("{root}/{}", kind.plural),
    }
}

/// The path of one object.
pub(crate) fn object_path(kind: &Kind, id: &ObjectId) -> String {
    format!("{}/{}", list_path(kind, id.namespace.as_deref()), escaped(&id.name))
}

/// Percent-encodes what a path may not hold.
pub(crate) fn escaped(text: &str) -> String {
    let mut path = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~') {
            path.push(char::from(byte));
        } else {
            path.push_str(&format!("%{byte:02X}"));
        }
    }
    path
}

/// Reads.
pub(crate) async fn get(client: &Client, path: &str) -> kube::Result<Value> {
    send(client, Request::get(path).header(ACCEPT, "application/json"), Vec::new()).await
}

/// Server-side apply. Whose field it was before does not matter; the plan has said so.
pub(crate) async fn apply(
    client: &Client,
    path: &str,
    dry_run: bool,
    object: &Value,
) -> kube::Result<Value> {
    let dry_run = if dry_run { "&dryRun=All" } else { "" };
    let uri =
        format!("{path}?fieldManager={FIELD_MANAGER}&force=true&fieldValidation=Strict{dry_run}");
    let request = Request::patch(uri).header(CONTENT_TYPE, "application/apply-patch+yaml");
    send(client, request, body(object)?).await
}

/// A JSON merge patch.
pub(crate) async fn merge_patch(client: &Client, path: &str, patch: &Value) -> kube::Result<Value> {
    let uri = format!("{path}?fieldManager={FIELD_MANAGER}");
    let request = Request::patch(uri).header(CONTENT_TYPE, "application/merge-patch+json");
    send(client, request, body(patch)?).await
}

/// Deletes; `options` is a `DeleteOptions`.
pub(crate) async fn delete(client: &Client, path: &str, options: &Value) -> kube::Result<Value> {
    send(client, Request::delete(path).header(CONTENT_TYPE, "application/json"), body(options)?)
        .await
}

fn body(value: &Value) -> kube::Result<Vec<u8>> {
    serde_json::to_vec(value).map_err(kube::Error::SerdeError)
}

async fn send(
    client: &Client,
    request: http::request::Builder,
    body: Vec<u8>,
) -> kube::Result<Value> {
    let request = request.body(body).map_err(kube::Error::HttpError)?;
    client.request(request).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_the_servers() {
        let kind = Kind {
            group: "apps".into(),
            version: "v1".into(),
            kind: "Deployment".into(),
            plural: "deployments".into(),
            namespaced: true,
        };
        let id = ObjectId {
            kind: "Deployment".into(),
            group: "apps".into(),
            namespace: Some("media".into()),
            name: "a/b".into(),
        };
        assert_eq!(object_path(&kind, &id), "/apis/apps/v1/namespaces/media/deployments/a%2Fb");
        assert_eq!(list_path(&kind, None), "/apis/apps/v1/deployments");
    }
}
