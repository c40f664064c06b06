//! What is built from which folder under `parts/`, and the digest that names a build.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

/// A folder under `parts/`: one Go module of ours, built as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// API server, controller manager, scheduler and kubectl.
    Kubernetes,
    /// The store under the API server.
    Etcd,
    /// Makes nodes Ready and pods Running without a kubelet.
    Kwok,
    /// Longhorn's stand-in: binds claims of `driver.longhorn.io`.
    Provisioner,
    /// Cilium's Gateway API and LB-IPAM controllers.
    CiliumGateway,
    /// cert-manager's controllers, with CA and self-signed issuers.
    CertManager,
    /// CRD files read from modules; nothing is compiled.
    Crds,
    /// Decrypts secrets in files, and makes the keys for it.
    Sops,
    /// A proxy that breaks connections on demand.
    Toxiproxy,
    /// Talos' own loader of machine configuration: applies a patch and validates the outcome.
    Talos,
    /// The peer of the benches; no control plane needs it.
    Helm,
}

impl Part {
    /// What a control plane is made of, the longest build last so that a broken part shows early.
    pub const CONTROL_PLANE: [Self; 7] = [
        Self::Crds,
        Self::Provisioner,
        Self::Etcd,
        Self::Kwok,
        Self::CertManager,
        Self::CiliumGateway,
        Self::Kubernetes,
    ];

    /// What the tests need besides.
    pub const TEST_TOOLS: [Self; 3] = [Self::Toxiproxy, Self::Sops, Self::Talos];

    /// The folder's name under `parts/`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Kubernetes => "kubernetes",
            Self::Etcd => "etcd",
            Self::Kwok => "kwok",
            Self::Provisioner => "provisioner",
            Self::CiliumGateway => "cilium-gateway",
            Self::CertManager => "cert-manager",
            Self::Crds => "crds",
            Self::Sops => "sops",
            Self::Toxiproxy => "toxiproxy",
            Self::Talos => "talos",
            Self::Helm => "helm",
        }
    }

    /// Each program's file name and Go package; empty for what is not compiled.
    pub(crate) fn programs(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Kubernetes => &[
                ("kube-apiserver", "k8s.io/kubernetes/cmd/kube-apiserver"),
                ("kube-controller-manager", "k8s.io/kubernetes/cmd/kube-controller-manager"),
                ("kube-scheduler", "k8s.io/kubernetes/cmd/kube-scheduler"),
                ("kubectl", "k8s.io/kubernetes/cmd/kubectl"),
            ],
            Self::Etcd => &[("etcd", "go.etcd.io/etcd/server/v3")],
            Self::Kwok => &[("kwok", "sigs.k8s.io/kwok/cmd/kwok")],
            Self::Provisioner => &[("provisioner", ".")],
            Self::CiliumGateway => &[("cilium-gateway", ".")],
            Self::CertManager => &[("cert-manager", ".")],
            Self::Crds => &[],
            Self::Sops => &[
                ("sops", "github.com/getsops/sops/v3/cmd/sops"),
                ("age-keygen", "filippo.io/age/cmd/age-keygen"),
            ],
            Self::Toxiproxy => &[("toxiproxy", "github.com/Shopify/toxiproxy/v2/cmd/server")],
            Self::Talos => &[("talos", ".")],
            Self::Helm => &[("helm", "helm.sh/helm/v4/cmd/helm")],
        }
    }

    /// What the linker writes into the programs. Clients cannot parse the version of an API
    /// server built without one.
    pub(crate) fn linker_flags(self) -> String {
        const VERSION: &str = "k8s.io/component-base/version";
        let mut flags = "-s -w".to_owned();
        if self == Self::Kubernetes {
            for (name, value) in [("gitVersion", "v1.35.4"), ("gitMajor", "1"), ("gitMinor", "35")]
            {
                flags.push_str(" -X ");
                flags.push_str(VERSION);
                flags.push_str(&format!(".{name}={value}"));
            }
        }
        flags
    }

    /// The folder the part is built in.
    pub(crate) fn source(self) -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("parts").join(self.name())
    }

    /// Twelve hexadecimal digits that change with any file of the part and with its flags.
    pub(crate) fn digest(self) -> Result<String> {
        let mut files = Vec::new();
        collect(&self.source(), &mut files)?;
        files.sort();
        let mut hash = Sha256::new();
        hash.update(self.linker_flags());
        for file in files {
            let text =
                std::fs::read(&file).with_context(|| format!("reading {}", file.display()))?;
            let name =
                file.strip_prefix(self.source()).unwrap_or(&file).to_string_lossy().into_owned();
            hash.update(format!("\n{name} {}\n", text.len()));
            hash.update(text);
        }
        Ok(hash.finalize().iter().take(6).map(|byte| format!("{byte:02x}")).collect())
    }
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    let entries = std::fs::read_dir(folder)
        .with_context(|| format!("reading folder {}", folder.display()))?;
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}
