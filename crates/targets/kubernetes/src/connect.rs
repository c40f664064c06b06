//! From a kubeconfig to a client.

use std::path::PathBuf;
use std::time::Duration;

use http::{HeaderName, HeaderValue};
use kube::config::{KubeConfigOptions, Kubeconfig, KubeconfigError};
use kube::{Client, Config};
use stackctl_model::closest;

use crate::Kubernetes;

/// Which cluster.
#[derive(Clone, Debug, Default)]
pub struct ConnectOptions {
    /// The kubeconfig; `KUBECONFIG` or `~/.kube/config` when not said.
    pub kubeconfig: Option<PathBuf>,
    /// One of its contexts; its current one when not said.
    pub context: Option<String>,
}

/// Why there is no client.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// The kubeconfig cannot be read.
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
    /// The client cannot be made of it.
    #[error("no client can be made of the kubeconfig")]
    Client(#[source] kube::Error),
}

impl ConnectError {
    /// What to do next.
    pub fn hint(&self) -> String {
        match self {
            Self::Kubeconfig(_) => {
                "check KUBECONFIG, name a file with --kubeconfig, or use --sandbox".to_owned()
            }
            Self::UnknownContext { context, known } => {
                match closest(context, known.iter().map(String::as_str)) {
                    Some(near) => format!("did you mean --context {near}?"),
                    None if known.is_empty() => {
                        "the kubeconfig has no contexts; use --sandbox".to_owned()
                    }
                    None => format!("there are: {}; or use --sandbox", known.join(", ")),
                }
            }
            Self::Client(_) => "check the certificates and users in the kubeconfig".to_owned(),
        }
    }
}

/// Makes rustls use ring. Once per process, before the first connection.
pub fn install_crypto() {
    // A second call says that one is installed, which is what is wanted.
    let _ = rustls::crypto::ring::default_provider().install_default();
}

/// The longest silence of the server before a request counts as broken.
const SILENCE: Duration = Duration::from_secs(30);

impl Kubernetes {
    /// Makes a client; sends nothing yet.
    pub async fn connect(options: &ConnectOptions) -> Result<Self, ConnectError> {
        let kubeconfig = match &options.kubeconfig {
            Some(path) => Kubeconfig::read_from(path),
            None => Kubeconfig::read(),
        }
        .map_err(ConnectError::Kubeconfig)?;
        if let Some(context) = &options.context {
            let known: Vec<_> =
                kubeconfig.contexts.iter().map(|context| context.name.clone()).collect();
            if !known.contains(context) {
                return Err(ConnectError::UnknownContext { context: context.clone(), known });
            }
        }
        let chosen =
            KubeConfigOptions { context: options.context.clone(), ..KubeConfigOptions::default() };
        let mut config = Config::from_custom_kubeconfig(kubeconfig, &chosen)
            .await
            .map_err(ConnectError::Kubeconfig)?;
        let agent = concat!("stackctl/", env!("CARGO_PKG_VERSION"));
        config
            .headers
            .push((HeaderName::from_static("user-agent"), HeaderValue::from_static(agent)));
        // One layer retries, and that is the engine.
        config.default_retry = false;
        config.connect_timeout = Some(Duration::from_secs(10));
        let server = config.cluster_url.to_string();
        // A watch may be silent for long; its own time-out notices a dead connection.
        config.read_timeout = None;
        let watching = Client::try_from(config.clone()).map_err(ConnectError::Client)?;
        config.read_timeout = Some(SILENCE);
        let client = Client::try_from(config).map_err(ConnectError::Client)?;
        Ok(Self::new(client, watching, server))
    }
}
