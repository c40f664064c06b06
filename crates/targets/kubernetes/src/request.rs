//! Requests and their answers, as JSON values. Each is sent once, and none waits for ever.

use std::fmt::Write as _;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use http::header::{ACCEPT, CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderMap, Request};
use kube::Client;
use kube::client::Body;
use kube::core::Status;
use serde::de::DeserializeOwned;
use serde_json::Value;
use stackctl_model::ObjectId;
use stackctl_plan::FIELD_MANAGER;

use crate::kind::Kind;

/// How long an API server may take to know everybody's rights after it has started.
const COMING_BACK: Duration = Duration::from_secs(30);

/// Sends requests over one pool of connections.
#[derive(Clone)]
pub(crate) struct Api {
    client: Client,
    /// How long one request may take, its answer read to the end.
    patience: Duration,
    /// When a connection last broke.
    broken: Arc<Mutex<Option<Instant>>>,
}

/// Whether the server keeps what it is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// It says what would come of it.
    DryRun,
    /// It does.
    Write,
    /// It does, if no field has another value by somebody else.
    WriteNew,
}

/// Why a request has no result.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The server refused it.
    Answer(Box<Answer>),
    /// There was no connection, or it broke.
    Broken(Box<kube::Error>),
    /// The answer took longer than this.
    TimedOut(Duration),
    /// The answer is no JSON of the shape that was asked for.
    Unreadable(serde_json::Error),
}

/// A refusal.
#[derive(Debug)]
pub(crate) struct Answer {
    /// The code and the server's words.
    pub(crate) status: Status,
    /// The pause it asks for.
    pub(crate) retry_after: Option<Duration>,
}

impl From<kube::Error> for Failure {
    fn from(error: kube::Error) -> Self {
        match error {
            kube::Error::Api(status) => {
                Self::Answer(Box::new(Answer { status: *status, retry_after: None }))
            }
            other => Self::Broken(Box::new(other)),
        }
    }
}

impl Failure {
    /// The code of the server's refusal.
    pub(crate) fn code(&self) -> Option<u16> {
        match self {
            Self::Answer(answer) => Some(answer.status.code),
            Self::Broken(_) | Self::TimedOut(_) | Self::Unreadable(_) => None,
        }
    }

    /// Whether the server knows the path but nothing of that name, or not even the path.
    pub(crate) fn is_absent(&self) -> bool {
        self.code() == Some(404)
    }

    /// Whether the credentials lack a right.
    pub(crate) fn is_missing_right(&self) -> bool {
        match self {
            Self::Answer(answer) => {
                answer.status.code == 403 && answer.status.message.contains(" is forbidden: User ")
            }
            Self::Broken(_) | Self::TimedOut(_) | Self::Unreadable(_) => false,
        }
    }

    /// Whether the server does not know the path, which is so for a kind without its definition.
    pub(crate) fn is_unknown_kind(&self) -> bool {
        match self {
            Self::Answer(answer) => answer.status.code == 404 && answer.status.details.is_none(),
            Self::Broken(_) | Self::TimedOut(_) | Self::Unreadable(_) => false,
        }
    }
}

impl Api {
    pub(crate) fn new(client: Client, patience: Duration) -> Self {
        Self { client, patience, broken: Arc::default() }
    }

    /// Whether a connection broke a moment ago: an API server that has just started knows no rights yet.
    pub(crate) fn has_just_come_back(&self) -> bool {
        let broken = *self.broken.lock().unwrap_or_else(PoisonError::into_inner);
        broken.is_some_and(|at| at.elapsed() < COMING_BACK)
    }

    /// For what kube itself sends: discovery and watches.
    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    /// Reads.
    pub(crate) async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, Failure> {
        self.send(Request::get(path).header(ACCEPT, "application/json"), Vec::new()).await
    }

    /// Reads a list of objects' metadata alone.
    pub(crate) async fn get_metadata<T: DeserializeOwned>(&self, path: &str) -> Result<T, Failure> {
        let only = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";
        self.send(Request::get(path).header(ACCEPT, only), Vec::new()).await
    }

    /// Reads an object that may not be there.
    pub(crate) async fn find(&self, path: &str) -> Result<Option<Value>, Failure> {
        match self.get(path).await {
            Ok(object) => Ok(Some(object)),
            Err(failure) if failure.is_absent() => Ok(None),
            Err(failure) => Err(failure),
        }
    }

    /// Server-side apply. Whose field it was before does not matter, since the plan has said so; but for a
    /// new object, which nobody else should have.
    pub(crate) async fn apply(
        &self,
        path: &str,
        mode: Mode,
        object: &Value,
    ) -> Result<Value, Failure> {
        let how = match mode {
            Mode::DryRun => "force=true&dryRun=All",
            Mode::Write => "force=true",
            Mode::WriteNew => "force=false",
        };
        let uri = format!("{path}?fieldManager={FIELD_MANAGER}&{how}");
        let request = Request::patch(uri).header(CONTENT_TYPE, "application/apply-patch+yaml");
        self.send(request, body(object)?).await
    }

    /// Creates an object; `path` is that of its kind.
    pub(crate) async fn create(&self, path: &str, object: &Value) -> Result<Value, Failure> {
        let uri = format!("{path}?fieldManager={FIELD_MANAGER}");
        let request = Request::post(uri).header(CONTENT_TYPE, "application/json");
        self.send(request, body(object)?).await
    }

    /// Replaces an object, if it still has the version that the new one names.
    pub(crate) async fn replace(&self, path: &str, object: &Value) -> Result<Value, Failure> {
        let uri = format!("{path}?fieldManager={FIELD_MANAGER}");
        let request = Request::put(uri).header(CONTENT_TYPE, "application/json");
        self.send(request, body(object)?).await
    }

    /// A JSON merge patch.
    pub(crate) async fn merge_patch(&self, path: &str, merged: &Value) -> Result<Value, Failure> {
        let uri = format!("{path}?fieldManager={FIELD_MANAGER}");
        let request = Request::patch(uri).header(CONTENT_TYPE, "application/merge-patch+json");
        self.send(request, body(merged)?).await
    }

    /// Deletes; `options` is a `DeleteOptions`. The answer is a `Status` when nothing is left to wait for.
    pub(crate) async fn delete(&self, path: &str, options: &Value) -> Result<Value, Failure> {
        let request = Request::delete(path).header(CONTENT_TYPE, "application/json");
        self.send(request, body(options)?).await
    }

    async fn send<T: DeserializeOwned>(
        &self,
        request: http::request::Builder,
        body: Vec<u8>,
    ) -> Result<T, Failure> {
        let request = request.body(Body::from(body)).map_err(kube::Error::HttpError)?;
        let exchange = async {
            let (head, body) = self.client.send(request).await?.into_parts();
            Ok::<_, kube::Error>((head, body.collect_bytes().await?))
        };
        let answered = tokio::time::timeout(self.patience, exchange).await;
        if !matches!(answered, Ok(Ok(_))) {
            let mut broken = self.broken.lock().unwrap_or_else(PoisonError::into_inner);
            *broken = Some(Instant::now());
        }
        let (head, bytes) = answered.map_err(|_| Failure::TimedOut(self.patience))??;
        if head.status.is_success() {
            return serde_json::from_slice(&bytes).map_err(Failure::Unreadable);
        }
        Err(refusal(head.status.as_u16(), &head.headers, &bytes))
    }
}

fn body(value: &Value) -> Result<Vec<u8>, Failure> {
    serde_json::to_vec(value).map_err(Failure::Unreadable)
}

/// Not every refusal is a `Status`: an unknown path is plain text, as is what a proxy says.
fn refusal(code: u16, headers: &HeaderMap, bytes: &[u8]) -> Failure {
    let status = serde_json::from_slice::<Status>(bytes)
        .ok()
        .filter(|status| !status.message.is_empty() || status.code != 0)
        .unwrap_or_else(|| Status::failure(String::from_utf8_lossy(bytes).trim(), ""));
    let header = headers.get(RETRY_AFTER).and_then(|value| value.to_str().ok());
    let in_body = status.details.as_ref().map_or(0, |details| details.retry_after_seconds);
    let seconds = header.and_then(|text| text.parse().ok()).unwrap_or(u64::from(in_body));
    Failure::Answer(Box::new(Answer {
        status: status.with_code(code),
        retry_after: (seconds > 0).then(|| Duration::from_secs(seconds)),
    }))
}

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
    let namespace = id.namespace.as_deref().filter(|_| kind.namespaced);
    format!("{}/{}", list_path(kind, namespace), escaped(&id.name))
}

/// Percent-encodes what a path or query may not hold.
pub(crate) fn escaped(text: &str) -> String {
    let mut path = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~') {
            path.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(path, "%{byte:02X}");
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use stackctl_model::known_kind;

    use super::*;

    fn known(name: &str) -> Kind {
        known_kind(name).and_then(Kind::known).unwrap()
    }

    fn id(kind: &str, namespace: Option<&str>, name: &str) -> ObjectId {
        ObjectId {
            kind: kind.into(),
            group: known(kind).group,
            namespace: namespace.map(str::to_owned),
            name: name.into(),
        }
    }

    #[test]
    fn paths_are_the_servers() {
        let cases = [
            ("Deployment", Some("media"), "/apis/apps/v1/namespaces/media/deployments/x"),
            ("ConfigMap", Some("media"), "/api/v1/namespaces/media/configmaps/x"),
            ("Namespace", None, "/api/v1/namespaces/x"),
            ("StorageClass", None, "/apis/storage.k8s.io/v1/storageclasses/x"),
            (
                "ReferenceGrant",
                Some("media"),
                "/apis/gateway.networking.k8s.io/v1beta1/namespaces/media/referencegrants/x",
            ),
        ];
        for (kind, namespace, path) in cases {
            assert_eq!(object_path(&known(kind), &id(kind, namespace, "x")), path);
        }
        assert_eq!(list_path(&known("Deployment"), None), "/apis/apps/v1/deployments");
    }

    #[test]
    fn a_name_cannot_leave_its_place_in_a_path() {
        let path = object_path(&known("ConfigMap"), &id("ConfigMap", Some("a/b"), "../x?y"));
        assert_eq!(path, "/api/v1/namespaces/a%2Fb/configmaps/..%2Fx%3Fy");
    }

    #[test]
    fn a_namespace_on_a_cluster_wide_kind_is_not_sent() {
        let path = object_path(&known("StorageClass"), &id("StorageClass", Some("media"), "x"));
        assert_eq!(path, "/apis/storage.k8s.io/v1/storageclasses/x");
    }

    #[test]
    fn an_unknown_kind_is_told_from_an_absent_object() {
        let none = HeaderMap::new();
        assert!(refusal(404, &none, b"404 page not found\n").is_unknown_kind());
        let absent = br#"{"kind":"Status","message":"namespaces \"nope\" not found",
            "reason":"NotFound","details":{"name":"nope","kind":"namespaces"},"code":404}"#;
        let absent = refusal(404, &none, absent);
        assert!(absent.is_absent() && !absent.is_unknown_kind());
    }

    #[test]
    fn the_servers_pause_is_read_from_the_header() {
        let mut headers = HeaderMap::new();
        headers.insert(RETRY_AFTER, http::HeaderValue::from_static("2"));
        let text = b"Too many requests, please try again later.";
        let Failure::Answer(answer) = refusal(429, &headers, text) else { panic!() };
        assert_eq!(answer.retry_after, Some(Duration::from_secs(2)));
        assert_eq!(answer.status.message, "Too many requests, please try again later.");
    }
}
