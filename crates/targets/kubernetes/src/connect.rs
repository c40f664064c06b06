//! From a kubeconfig to a client.

use std::path::PathBuf;
use std::time::Duration;

use http::HeaderValue;
use http::header::USER_AGENT;
use kube::config::{InClusterError, KubeConfigOptions, Kubeconfig, KubeconfigError};
use kube::{Client, Config};
use serde_json::Value;
use stackctl_engine::TargetError;
use stackctl_model::closest;

use crate::Kubernetes;
use crate::error::Doing;
use crate::request::Api;

/// Which cluster, and how patiently.
#[derive(Clone, Debug)]
pub struct ConnectOptions {
    /// The kubeconfig; `KUBECONFIG` or `~/.kube/config` when not said.
    pub kubeconfig: Option<PathBuf>,
    /// One of its contexts; its current one when not said.
    pub context: Option<String>,
    /// How long one request may take before it counts as broken. Watches may be silent for longer.
    pub timeout: Duration,
}

impl Default for ConnectOptions {
    fn default() -> Self {
        Self { kubeconfig: None, context: None, timeout: Duration::from_secs(30) }
    }
}

/// How long making a connection may take.
const CONNECT: Duration = Duration::from_secs(10);

/// Why there is no client.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// There is no kubeconfig at all.
    #[error("there is no kubeconfig at {}", path.display())]
    NoKubeconfig {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// The kubeconfig cannot be read, or lacks something.
    #[error("the kubeconfig cannot be used")]
    Kubeconfig(#[source] KubeconfigError),
    /// The kubeconfig has no such context.
    #[error("the kubeconfig has no context {context:?}")]
    UnknownContext {
        /// What was asked for.
        context: String,
        /// What there is.
        known: Vec<String>,
    },
    /// The kubeconfig says no current context, and none was asked for.
    #[error("the kubeconfig has no current context")]
    NoContext {
        /// What there is.
        known: Vec<String>,
    },
    /// It runs in a pod, but the pod's own credentials cannot be read.
    #[error("the pod's own credentials cannot be used")]
    InCluster(#[source] InClusterError),
    /// The client cannot be made of it.
    #[error("no client can be made of the kubeconfig")]
    Client(#[source] kube::Error),
}

impl ConnectError {
    /// What to do next.
    pub fn hint(&self) -> String {
        match self {
            Self::NoKubeconfig { .. } => {
                "name one with --kubeconfig or KUBECONFIG, or use --sandbox".to_owned()
            }
            Self::Kubeconfig(_) => {
                "check the kubeconfig, name another with --kubeconfig, or use --sandbox".to_owned()
            }
            Self::UnknownContext { context, known } => {
                match closest(context, known.iter().map(String::as_str)) {
                    Some(near) => {
                        format!("did you mean --context {near}? There are: {}", known.join(", "))
                    }
                    None => choose(known),
                }
            }
            Self::NoContext { known } => choose(known),
            Self::InCluster(_) => "give the pod a service account and its token".to_owned(),
            Self::Client(_) => "check the certificates and the user in the kubeconfig".to_owned(),
        }
    }
}

fn choose(known: &[String]) -> String {
    if known.is_empty() {
        "the kubeconfig has no contexts; name another with --kubeconfig, or use --sandbox"
            .to_owned()
    } else {
        format!("choose a --context: {}; or use --sandbox", known.join(", "))
    }
}

/// Makes rustls use ring. Once per process, before the first connection.
pub fn install_crypto() {
    // A second call says that one is installed, which is what is wanted.
    let _ = rustls::crypto::ring::default_provider().install_default();
}

impl Kubernetes {
    /// Makes a client; sends nothing yet.
    pub async fn connect(options: &ConnectOptions) -> Result<Self, ConnectError> {
        let mut config = configuration(options).await?;
        let agent = concat!("stackctl/", env!("CARGO_PKG_VERSION"));
        config.headers.push((USER_AGENT, HeaderValue::from_static(agent)));
        // One layer retries, and that is the engine.
        config.default_retry = false;
        config.connect_timeout = Some(CONNECT);
        // Each request has its own time-out; a watch may be silent for long.
        config.read_timeout = None;
        let server = config.cluster_url.to_string();
        let client = Client::try_from(config).map_err(ConnectError::Client)?;
        Ok(Self::new(Api::new(client, options.timeout), server))
    }

    /// The uid of a namespace that every cluster has. One request.
    pub(crate) async fn uid(&self) -> Result<String, TargetError> {
        let found: Result<Value, _> = self.api.get("/api/v1/namespaces/kube-system").await;
        let looking = Doing::Looking("identifying the cluster");
        let found = found.map_err(|failure| failure.into_error(looking))?;
        Ok(found["metadata"]["uid"].as_str().unwrap_or_default().to_owned())
    }
}

async fn configuration(options: &ConnectOptions) -> Result<Config, ConnectError> {
    let kubeconfig = match &options.kubeconfig {
        Some(path) => Kubeconfig::read_from(path),
        None => Kubeconfig::read(),
    };
    let kubeconfig = match kubeconfig {
        Ok(kubeconfig) => kubeconfig,
        Err(error) => return without_kubeconfig(options, error),
    };
    let known: Vec<String> =
        kubeconfig.contexts.iter().map(|context| context.name.clone()).collect();
    let current = kubeconfig.current_context.clone().filter(|name| !name.is_empty());
    match options.context.clone().or(current) {
        Some(context) if known.contains(&context) => {
            let chosen =
                KubeConfigOptions { context: Some(context), ..KubeConfigOptions::default() };
            let config = Config::from_custom_kubeconfig(kubeconfig, &chosen).await;
            config.map_err(ConnectError::Kubeconfig)
        }
        Some(context) => Err(ConnectError::UnknownContext { context, known }),
        None => Err(ConnectError::NoContext { known }),
    }
}

/// A pod has no kubeconfig but a service account.
fn without_kubeconfig(
    options: &ConnectOptions,
    error: KubeconfigError,
) -> Result<Config, ConnectError> {
    let asked_for = options.kubeconfig.is_some() || options.context.is_some();
    let is_pod = std::env::var_os("KUBERNETES_SERVICE_HOST").is_some();
    match error {
        KubeconfigError::ReadConfig(source, path)
            if source.kind() == std::io::ErrorKind::NotFound =>
        {
            if is_pod && !asked_for {
                return Config::incluster().map_err(ConnectError::InCluster);
            }
            Err(ConnectError::NoKubeconfig { path })
        }
        other => Err(ConnectError::Kubeconfig(other)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KUBECONFIG: &str = "
apiVersion: v1
kind: Config
clusters: [{name: home, cluster: {server: 'https://127.0.0.1:1'}}]
users: [{name: me, user: {token: x}}]
contexts: [{name: home, context: {cluster: home, user: me}}, {name: work, context: {cluster: home, user: me}}]
";

    async fn connect(text: &str, context: Option<&str>) -> Result<Kubernetes, ConnectError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("kubeconfig");
        std::fs::write(&path, text).unwrap();
        install_crypto();
        let context = context.map(str::to_owned);
        let options =
            ConnectOptions { kubeconfig: Some(path), context, ..ConnectOptions::default() };
        Kubernetes::connect(&options).await
    }

    fn refused(outcome: Result<Kubernetes, ConnectError>) -> ConnectError {
        match outcome {
            Ok(_) => panic!("it connected"),
            Err(error) => error,
        }
    }

    #[tokio::test]
    async fn an_unknown_context_gets_a_suggestion_and_the_list() {
        let error = refused(connect(KUBECONFIG, Some("hone")).await);
        assert_eq!(error.to_string(), "the kubeconfig has no context \"hone\"");
        assert_eq!(error.hint(), "did you mean --context home? There are: home, work");
    }

    #[tokio::test]
    async fn without_a_current_context_one_must_be_chosen() {
        let error = refused(connect(KUBECONFIG, None).await);
        assert_eq!(error.hint(), "choose a --context: home, work; or use --sandbox");
    }

    #[tokio::test]
    async fn an_absent_kubeconfig_is_named() {
        let options = ConnectOptions {
            kubeconfig: Some("/nowhere/kubeconfig".into()),
            ..ConnectOptions::default()
        };
        let error = refused(Kubernetes::connect(&options).await);
        assert_eq!(error.to_string(), "there is no kubeconfig at /nowhere/kubeconfig");
    }

    #[tokio::test]
    async fn a_server_that_is_down_is_unreachable_when_looked_at() {
        let Ok(target) = connect(KUBECONFIG, Some("work")).await else { panic!() };
        let error = target.uid().await.unwrap_err();
        let TargetError::Unreachable { message, .. } = error else { panic!("{error}") };
        assert_eq!(message, "the API server cannot be reached: connection refused");
    }
}
