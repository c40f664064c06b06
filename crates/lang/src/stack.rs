//! The stack, typed: what one `stack.kdl` and its includes declare.

use stackctl_model::{FieldRule, Reach, SecretSource, Span, Spanned, SysctlRule};

use crate::Block;

/// All that one stack declares.
#[derive(Clone, Debug, PartialEq)]
pub struct Stack {
    /// Its identity everywhere.
    pub name: Spanned<String>,
    /// Apps are reached as `APP.DOMAIN`.
    pub domain: Option<Spanned<String>>,
    /// IANA name; `Etc/UTC` when not said.
    pub timezone: Spanned<String>,
    /// Where its objects live; the stack's name when not said.
    pub namespace: Spanned<String>,
    /// Which cluster.
    pub cluster: Option<Cluster>,
    /// Machines, `defaults { node { … } }` merged in.
    pub nodes: Vec<Node>,
    /// Storage classes.
    pub storage_classes: Vec<StorageClass>,
    /// Volumes that apps share.
    pub volumes: Vec<Volume>,
    /// Backup schedules: args name, cron; props keep, target.
    pub backups: Vec<NamedBlock>,
    /// Ways in.
    pub gateways: Vec<Gateway>,
    /// Single sign-on.
    pub auth: Option<Auth>,
    /// Apps, those in groups included, in the order of the file.
    pub apps: Vec<App>,
    /// Secrets.
    pub secrets: Vec<SecretBlock>,
    /// Plain manifests.
    pub manifests: Vec<Manifest>,
    /// What to do about fields that others have written, the first that fits first.
    pub ownership: Vec<FieldRule>,
    /// The lines of `alerts { … }`, checked.
    pub alerts: Vec<Block>,
}

/// `cluster context=home`
#[derive(Clone, Debug, PartialEq)]
pub struct Cluster {
    /// Context of the kubeconfig.
    pub context: Option<Spanned<String>>,
    /// Where it was written.
    pub span: Span,
}

/// A machine.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// Its name, also of its Node object.
    pub name: Spanned<String>,
    /// How it is reached.
    pub reach: Reach,
    /// What it offers to apps.
    pub gpus: Vec<Gpu>,
    /// Kernel settings.
    pub sysctls: Vec<Sysctl>,
    /// Ready-made sets.
    pub sets: Vec<NodeSet>,
    /// `label`, `taint`, `kernel-module`, `package`, `service`, `mount`, checked.
    pub others: Vec<Block>,
    /// Where it was written.
    pub span: Span,
}

impl Node {
    /// Whether it offers a GPU of this class.
    pub fn offers(&self, class: &str) -> bool {
        self.gpus.iter().any(|gpu| gpu.class.value == class)
    }
}

/// A GPU of a machine.
#[derive(Clone, Debug, PartialEq)]
pub struct Gpu {
    /// Such as `intel`.
    pub class: Spanned<String>,
    /// Such as `/dev/dri/renderD128`.
    pub device: Option<Spanned<String>>,
}

/// A kernel setting of a machine.
#[derive(Clone, Debug, PartialEq)]
pub struct Sysctl {
    /// Such as `fs.inotify.max_user_watches`.
    pub key: Spanned<String>,
    /// How its value is meant.
    pub rule: SysctlRule,
    /// Its value.
    pub value: Spanned<String>,
}

/// A ready-made set of settings, such as `longhorn-host`.
#[derive(Clone, Debug, PartialEq)]
pub struct NodeSet {
    /// Its name.
    pub name: Spanned<String>,
    /// Whether packages may be installed.
    pub install: bool,
}

/// A Longhorn storage class.
#[derive(Clone, Debug, PartialEq)]
pub struct StorageClass {
    /// Its name.
    pub name: Spanned<String>,
    /// Copies of each volume.
    pub replicas: Option<Spanned<i64>>,
    /// How much its volumes may ask for in all; a quantity.
    pub budget: Option<Spanned<String>>,
    /// Longhorn disk tag.
    pub disks: Option<Spanned<String>>,
    /// Name of a backup.
    pub backup: Option<Spanned<String>>,
    /// Provisioner; `driver.longhorn.io` when not said.
    pub provisioner: Option<Spanned<String>>,
    /// `Delete` or `Retain`; `Retain` when not said.
    pub reclaim: Option<Spanned<String>>,
    /// Whether claims that name no class get this one.
    pub default: bool,
    /// Children of `parameters { … }`.
    pub parameters: Vec<(Spanned<String>, Spanned<String>)>,
    /// Where it was written.
    pub span: Span,
}

/// A volume that apps share.
#[derive(Clone, Debug, PartialEq)]
pub struct Volume {
    /// Its name; the claim is named after it.
    pub name: Spanned<String>,
    /// Quantity.
    pub size: Spanned<String>,
    /// Storage class; the cluster's default when not said.
    pub class: Option<Spanned<String>>,
    /// `ReadWriteOnce` (default), `ReadWriteMany`, `ReadOnlyMany`, `ReadWriteOncePod`.
    pub access: Option<Spanned<String>>,
    /// `nfs://host/path`: a static volume instead of a provisioned one.
    pub nfs: Option<Spanned<String>>,
    /// Where it was written.
    pub span: Span,
}

/// A way in.
#[derive(Clone, Debug, PartialEq)]
pub struct Gateway {
    /// Its name.
    pub name: Spanned<String>,
    /// Gateway class, such as `cilium`.
    pub class: Spanned<String>,
    /// Address to ask for.
    pub address: Option<Spanned<String>>,
    /// `https HOST issuer=…` and `http HOST`.
    pub listeners: Vec<Listener>,
    /// Where it was written.
    pub span: Span,
}

/// One door of a gateway.
#[derive(Clone, Debug, PartialEq)]
pub struct Listener {
    /// Whether it terminates TLS.
    pub tls: bool,
    /// Host name, perhaps with `*.` in front.
    pub host: Spanned<String>,
    /// cert-manager `ClusterIssuer` for its certificate.
    pub issuer: Option<Spanned<String>>,
    /// Where it was written.
    pub span: Span,
}

/// Single sign-on.
#[derive(Clone, Debug, PartialEq)]
pub struct Auth {
    /// `authentik`
    pub system: Spanned<String>,
    /// Where it answers.
    pub url: Option<Spanned<String>>,
    /// Its API token.
    pub token: Option<Spanned<SecretSource>>,
    /// Groups.
    pub groups: Vec<Spanned<String>>,
    /// Where it was written.
    pub span: Span,
}

/// An app, before its module has checked it.
#[derive(Clone, Debug, PartialEq)]
pub struct App {
    /// Its name.
    pub name: Spanned<String>,
    /// Its module; the app's name when not said.
    pub module: Spanned<String>,
    /// What is said of it, weakest first: defaults, group, the app itself.
    pub layers: Vec<Layer>,
    /// Where it was written.
    pub span: Span,
}

/// Lines said of an app in one place.
#[derive(Clone, Debug, PartialEq)]
pub struct Layer {
    /// Which place.
    pub kind: LayerKind,
    /// The lines.
    pub blocks: Vec<Block>,
}

/// Where lines of an app were said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LayerKind {
    /// `defaults { app { … } }`: a word that the app's module does not know is passed over, not an error.
    Defaults,
    /// `group NAME { … }`: likewise an error only when no app of the group knows the word.
    Group(String),
    /// The app's own block.
    Own,
}

/// A block that is only checked and named so far.
#[derive(Clone, Debug, PartialEq)]
pub struct NamedBlock {
    /// First argument.
    pub name: Spanned<String>,
    /// All of it, checked.
    pub block: Block,
}

/// `secret NAME { KEY (env)X }`
#[derive(Clone, Debug, PartialEq)]
pub struct SecretBlock {
    /// Its name.
    pub name: Spanned<String>,
    /// Each key and where its value comes from.
    pub keys: Vec<(Spanned<String>, Spanned<SecretSource>)>,
    /// Where it was written.
    pub span: Span,
}

/// `manifest "extra/*.yaml" after=app.jellyfin`
#[derive(Clone, Debug, PartialEq)]
pub struct Manifest {
    /// Path or pattern, relative to the stack's folder.
    pub pattern: Spanned<String>,
    /// Patterns over ids that come first.
    pub after: Vec<Spanned<String>>,
    /// Where it was written.
    pub span: Span,
}
