//! Each program of a control plane and the flags it is started with.

use std::path::{Path, PathBuf};

use crate::cache::Parts;
use crate::children::Recipe;
use crate::part::Part;

/// A program that runs in a control plane.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Program {
    /// The store.
    Etcd,
    /// kube-apiserver.
    ApiServer,
    /// kube-controller-manager.
    ControllerManager,
    /// kube-scheduler.
    Scheduler,
    /// Nodes and pods.
    Kwok,
    /// Claims of `driver.longhorn.io`.
    Provisioner,
    /// Gateways, routes and load-balancer addresses.
    CiliumGateway,
    /// Certificates.
    CertManager,
}

/// Where everything of one control plane is.
#[derive(Debug)]
pub(crate) struct Place<'a> {
    pub(crate) parts: &'a Parts,
    pub(crate) folder: &'a Path,
    pub(crate) kubeconfig: &'a Path,
    pub(crate) tokens: &'a Path,
    /// Of the API server, etcd's clients, etcd's peers, kwok.
    pub(crate) ports: [u16; 4],
}

impl Program {
    /// The program's file name, which is also its log's.
    pub fn name(self) -> &'static str {
        match self {
            Self::Etcd => "etcd",
            Self::ApiServer => "kube-apiserver",
            Self::ControllerManager => "kube-controller-manager",
            Self::Scheduler => "kube-scheduler",
            Self::Kwok => "kwok",
            Self::Provisioner => "provisioner",
            Self::CiliumGateway => "cilium-gateway",
            Self::CertManager => "cert-manager",
        }
    }

    fn part(self) -> Part {
        match self {
            Self::Etcd => Part::Etcd,
            Self::ApiServer | Self::ControllerManager | Self::Scheduler => Part::Kubernetes,
            Self::Kwok => Part::Kwok,
            Self::Provisioner => Part::Provisioner,
            Self::CiliumGateway => Part::CiliumGateway,
            Self::CertManager => Part::CertManager,
        }
    }

    pub(crate) fn recipe(self, place: &Place) -> Recipe {
        let args = match self {
            Self::Etcd => etcd(place),
            Self::ApiServer => api_server(place),
            Self::ControllerManager => controller_manager(place),
            Self::Scheduler => scheduler(place),
            Self::Kwok => kwok(place),
            Self::Provisioner | Self::CertManager => vec![kubeconfig("kubeconfig", place)],
            Self::CiliumGateway => cilium_gateway(place),
        };
        Recipe { name: self.name(), program: place.parts.program(self.part(), self.name()), args }
    }
}

fn kubeconfig(flag: &str, place: &Place) -> String {
    file(flag, place.kubeconfig)
}

fn file(flag: &str, path: &Path) -> String {
    format!("--{flag}={}", path.display())
}

/// The API server makes its own certificate; its key signs service accounts' tokens as well.
pub(crate) fn authority(folder: &Path) -> PathBuf {
    folder.join("certificates/apiserver.crt")
}

fn key(folder: &Path) -> PathBuf {
    folder.join("certificates/apiserver.key")
}

pub(crate) fn audit_log(folder: &Path) -> PathBuf {
    folder.join("audit.log")
}

fn etcd(place: &Place) -> Vec<String> {
    let clients = format!("http://127.0.0.1:{}", place.ports[1]);
    let peers = format!("http://127.0.0.1:{}", place.ports[2]);
    vec![
        "--name=lab".into(),
        file("data-dir", &place.folder.join("etcd")),
        format!("--listen-client-urls={clients}"),
        format!("--advertise-client-urls={clients}"),
        format!("--listen-peer-urls={peers}"),
        format!("--initial-advertise-peer-urls={peers}"),
        format!("--initial-cluster=lab={peers}"),
        "--unsafe-no-fsync".into(),
        "--log-level=warn".into(),
    ]
}

fn api_server(place: &Place) -> Vec<String> {
    vec![
        format!("--etcd-servers=http://127.0.0.1:{}", place.ports[1]),
        "--bind-address=127.0.0.1".into(),
        "--advertise-address=127.0.0.1".into(),
        "--endpoint-reconciler-type=none".into(),
        format!("--secure-port={}", place.ports[0]),
        file("cert-dir", &place.folder.join("certificates")),
        file("token-auth-file", place.tokens),
        "--authorization-mode=Node,RBAC".into(),
        "--anonymous-auth=true".into(),
        "--allow-privileged=true".into(),
        // Not 10.0.0.0/16, where the addresses of the home's own network are.
        "--service-cluster-ip-range=10.96.0.0/16".into(),
        "--service-account-issuer=https://kubernetes.default.svc".into(),
        file("service-account-key-file", &key(place.folder)),
        file("service-account-signing-key-file", &key(place.folder)),
        file("audit-policy-file", &place.folder.join("audit-policy.yaml")),
        file("audit-log-path", &audit_log(place.folder)),
        "--audit-log-maxsize=100000".into(),
        // Without it a stop waits a minute for whoever watches.
        "--shutdown-watch-termination-grace-period=1s".into(),
        "--shutdown-delay-duration=0s".into(),
        "--profiling=false".into(),
    ]
}

fn controller_manager(place: &Place) -> Vec<String> {
    vec![
        kubeconfig("kubeconfig", place),
        "--secure-port=0".into(),
        "--leader-elect=false".into(),
        file("root-ca-file", &authority(place.folder)),
        file("service-account-private-key-file", &key(place.folder)),
        file("flex-volume-plugin-dir", &place.folder.join("plugins")),
        "--kube-api-qps=200".into(),
        "--kube-api-burst=400".into(),
    ]
}

fn scheduler(place: &Place) -> Vec<String> {
    vec![
        kubeconfig("kubeconfig", place),
        "--secure-port=0".into(),
        "--leader-elect=false".into(),
        "--kube-api-qps=200".into(),
        "--kube-api-burst=400".into(),
    ]
}

fn kwok(place: &Place) -> Vec<String> {
    vec![
        kubeconfig("kubeconfig", place),
        "--manage-all-nodes=true".into(),
        format!("--server-address=127.0.0.1:{}", place.ports[3]),
        "--node-lease-duration-seconds=40".into(),
    ]
}

fn cilium_gateway(place: &Place) -> Vec<String> {
    vec![
        kubeconfig("k8s-kubeconfig-path", place),
        "--k8s-client-qps=100".into(),
        "--k8s-client-burst=200".into(),
    ]
}
