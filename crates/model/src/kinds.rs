//! Kubernetes kinds that stackctl knows: whether their objects live in namespaces, and, for those whose
//! bare name means them, how the API spells them and how people shorten them. What else is known of a
//! kind (data, immutable fields, readiness) stands in `plan`, one row for each kind here.

/// A kind of object known by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownKind {
    /// API group; empty for the core group.
    pub group: &'static str,
    /// Such as `PersistentVolumeClaim`.
    pub kind: &'static str,
    /// Where its objects live.
    pub scope: Scope,
    /// How it is spelled; none where the server is asked, because its versions come and go with what is
    /// installed, or because its name is too common to mean it alone.
    pub names: Option<KindNames>,
}

/// Where the objects of a kind live.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// In no namespace.
    Cluster,
    /// In a namespace each.
    Namespace,
}

/// How the API and people spell a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KindNames {
    /// The version stackctl writes.
    pub version: &'static str,
    /// Such as `persistentvolumeclaims`.
    pub plural: &'static str,
    /// kubectl's short names.
    pub short: &'static [&'static str],
}

const fn cluster(group: &'static str, kind: &'static str) -> KnownKind {
    KnownKind { group, kind, scope: Scope::Cluster, names: None }
}

const fn namespaced(group: &'static str, kind: &'static str) -> KnownKind {
    KnownKind { group, kind, scope: Scope::Namespace, names: None }
}

impl KnownKind {
    const fn spelled(
        self,
        version: &'static str,
        plural: &'static str,
        short: &'static [&'static str],
    ) -> Self {
        Self { names: Some(KindNames { version, plural, short }), ..self }
    }
}

const ADMISSION: &str = "admissionregistration.k8s.io";
const CERT_MANAGER: &str = "cert-manager.io";
const CILIUM: &str = "cilium.io";
const DATABASES: &str = "postgresql.cnpg.io";
const EXTENSIONS: &str = "apiextensions.k8s.io";
const EXTERNAL_SECRETS: &str = "external-secrets.io";
const GATEWAYS: &str = "gateway.networking.k8s.io";
const LONGHORN: &str = "longhorn.io";
const METALLB: &str = "metallb.io";
const MONITORING: &str = "monitoring.coreos.com";
const NETWORKING: &str = "networking.k8s.io";
const RBAC: &str = "rbac.authorization.k8s.io";
const RESOURCES: &str = "resource.k8s.io";
const SNAPSHOTS: &str = "snapshot.storage.k8s.io";
const STORAGE: &str = "storage.k8s.io";
const TRAEFIK: &str = "traefik.io";

/// Every kind that is known. A kind's lower-case name alone means the first one here that is spelled so.
pub const KNOWN_KINDS: &[KnownKind] = &[
    cluster("", "Namespace").spelled("v1", "namespaces", &["ns"]),
    cluster("", "Node").spelled("v1", "nodes", &["no"]),
    cluster("", "PersistentVolume").spelled("v1", "persistentvolumes", &["pv"]),
    namespaced("", "PersistentVolumeClaim").spelled("v1", "persistentvolumeclaims", &["pvc"]),
    namespaced("", "ConfigMap").spelled("v1", "configmaps", &["cm"]),
    namespaced("", "Secret").spelled("v1", "secrets", &[]),
    namespaced("", "Service").spelled("v1", "services", &["svc"]),
    namespaced("", "ServiceAccount").spelled("v1", "serviceaccounts", &["sa"]),
    namespaced("", "Pod").spelled("v1", "pods", &["po"]),
    namespaced("", "LimitRange").spelled("v1", "limitranges", &["limits"]),
    namespaced("", "ResourceQuota").spelled("v1", "resourcequotas", &["quota"]),
    namespaced("", "Endpoints"),
    namespaced("discovery.k8s.io", "EndpointSlice"),
    namespaced("coordination.k8s.io", "Lease"),
    namespaced("apps", "Deployment").spelled("v1", "deployments", &["deploy"]),
    namespaced("apps", "StatefulSet").spelled("v1", "statefulsets", &["sts"]),
    namespaced("apps", "DaemonSet").spelled("v1", "daemonsets", &["ds"]),
    namespaced("apps", "ReplicaSet").spelled("v1", "replicasets", &["rs"]),
    namespaced("batch", "CronJob").spelled("v1", "cronjobs", &["cj"]),
    namespaced("batch", "Job").spelled("v1", "jobs", &[]),
    namespaced("autoscaling", "HorizontalPodAutoscaler").spelled(
        "v2",
        "horizontalpodautoscalers",
        &["hpa"],
    ),
    namespaced("policy", "PodDisruptionBudget").spelled("v1", "poddisruptionbudgets", &["pdb"]),
    namespaced(NETWORKING, "NetworkPolicy").spelled("v1", "networkpolicies", &["netpol"]),
    namespaced(NETWORKING, "Ingress").spelled("v1", "ingresses", &["ing"]),
    cluster(NETWORKING, "IngressClass"),
    cluster(STORAGE, "StorageClass").spelled("v1", "storageclasses", &["sc"]),
    cluster(STORAGE, "VolumeAttributesClass"),
    cluster(STORAGE, "CSIDriver"),
    namespaced(RESOURCES, "ResourceClaimTemplate").spelled("v1", "resourceclaimtemplates", &[]),
    namespaced(RESOURCES, "ResourceClaim"),
    cluster(RESOURCES, "DeviceClass"),
    cluster("scheduling.k8s.io", "PriorityClass").spelled("v1", "priorityclasses", &["pc"]),
    cluster("node.k8s.io", "RuntimeClass"),
    namespaced(RBAC, "Role").spelled("v1", "roles", &[]),
    namespaced(RBAC, "RoleBinding").spelled("v1", "rolebindings", &[]),
    cluster(RBAC, "ClusterRole").spelled("v1", "clusterroles", &[]),
    cluster(RBAC, "ClusterRoleBinding").spelled("v1", "clusterrolebindings", &[]),
    cluster(EXTENSIONS, "CustomResourceDefinition").spelled(
        "v1",
        "customresourcedefinitions",
        &["crd", "crds"],
    ),
    cluster("apiregistration.k8s.io", "APIService"),
    cluster("flowcontrol.apiserver.k8s.io", "FlowSchema"),
    cluster("flowcontrol.apiserver.k8s.io", "PriorityLevelConfiguration"),
    cluster(ADMISSION, "MutatingWebhookConfiguration").spelled(
        "v1",
        "mutatingwebhookconfigurations",
        &[],
    ),
    cluster(ADMISSION, "ValidatingWebhookConfiguration").spelled(
        "v1",
        "validatingwebhookconfigurations",
        &[],
    ),
    cluster(ADMISSION, "ValidatingAdmissionPolicy"),
    cluster(ADMISSION, "ValidatingAdmissionPolicyBinding"),
    cluster(ADMISSION, "MutatingAdmissionPolicy"),
    cluster(ADMISSION, "MutatingAdmissionPolicyBinding"),
    cluster(GATEWAYS, "GatewayClass").spelled("v1", "gatewayclasses", &["gc"]),
    namespaced(GATEWAYS, "Gateway").spelled("v1", "gateways", &["gtw"]),
    namespaced(GATEWAYS, "HTTPRoute").spelled("v1", "httproutes", &[]),
    namespaced(GATEWAYS, "GRPCRoute"),
    namespaced(GATEWAYS, "TLSRoute"),
    namespaced(GATEWAYS, "TCPRoute"),
    namespaced(GATEWAYS, "UDPRoute"),
    namespaced(GATEWAYS, "BackendTLSPolicy"),
    namespaced(GATEWAYS, "ReferenceGrant").spelled("v1beta1", "referencegrants", &["refgrant"]),
    namespaced(CILIUM, "CiliumNetworkPolicy").spelled(
        "v2",
        "ciliumnetworkpolicies",
        &["cnp", "ciliumnp"],
    ),
    cluster(CILIUM, "CiliumClusterwideNetworkPolicy").spelled(
        "v2",
        "ciliumclusterwidenetworkpolicies",
        &["ccnp"],
    ),
    cluster(CILIUM, "CiliumLoadBalancerIPPool"),
    cluster(CILIUM, "CiliumL2AnnouncementPolicy"),
    cluster(CILIUM, "CiliumBGPClusterConfig"),
    cluster(CILIUM, "CiliumBGPPeerConfig"),
    cluster(CILIUM, "CiliumBGPAdvertisement"),
    namespaced(METALLB, "IPAddressPool"),
    namespaced(METALLB, "L2Advertisement"),
    namespaced(METALLB, "BGPPeer"),
    namespaced(METALLB, "BGPAdvertisement"),
    namespaced(TRAEFIK, "IngressRoute"),
    namespaced(TRAEFIK, "IngressRouteTCP"),
    namespaced(TRAEFIK, "IngressRouteUDP"),
    namespaced(TRAEFIK, "Middleware"),
    namespaced(TRAEFIK, "MiddlewareTCP"),
    namespaced(TRAEFIK, "ServersTransport"),
    namespaced(TRAEFIK, "TLSOption"),
    namespaced(CERT_MANAGER, "Certificate").spelled("v1", "certificates", &["cert"]),
    namespaced(CERT_MANAGER, "Issuer").spelled("v1", "issuers", &[]),
    cluster(CERT_MANAGER, "ClusterIssuer").spelled("v1", "clusterissuers", &[]),
    namespaced(MONITORING, "ServiceMonitor").spelled("v1", "servicemonitors", &["smon"]),
    namespaced(MONITORING, "PrometheusRule").spelled("v1", "prometheusrules", &["promrule"]),
    namespaced(MONITORING, "PodMonitor"),
    namespaced(MONITORING, "Probe"),
    namespaced(MONITORING, "ScrapeConfig"),
    namespaced(MONITORING, "AlertmanagerConfig"),
    namespaced(LONGHORN, "RecurringJob").spelled("v1beta2", "recurringjobs", &["lhrj"]),
    namespaced(LONGHORN, "Volume"),
    namespaced(LONGHORN, "Snapshot"),
    namespaced(LONGHORN, "Backup"),
    namespaced(LONGHORN, "BackupVolume"),
    namespaced(LONGHORN, "BackingImage"),
    namespaced(SNAPSHOTS, "VolumeSnapshot"),
    cluster(SNAPSHOTS, "VolumeSnapshotContent"),
    cluster(SNAPSHOTS, "VolumeSnapshotClass"),
    namespaced(DATABASES, "Cluster"),
    namespaced(DATABASES, "Database"),
    namespaced(DATABASES, "Backup"),
    namespaced(DATABASES, "ScheduledBackup"),
    namespaced(DATABASES, "Pooler"),
    namespaced(EXTERNAL_SECRETS, "ExternalSecret"),
    namespaced(EXTERNAL_SECRETS, "SecretStore"),
    cluster(EXTERNAL_SECRETS, "ClusterSecretStore"),
];

/// Looks a kind up by its name in any case, its plural or a short name: `pvc`, `Deployment`, `services`.
/// None where the name alone does not say which kind is meant.
pub fn known_kind(name: &str) -> Option<&'static KnownKind> {
    let lower = name.to_ascii_lowercase();
    KNOWN_KINDS.iter().find(|known| {
        known.names.is_some_and(|names| {
            known.kind.eq_ignore_ascii_case(&lower)
                || names.plural == lower
                || names.short.contains(&lower.as_str())
        })
    })
}

/// The kind of a group, where it is known.
pub fn kind_of_group(group: &str, kind: &str) -> Option<&'static KnownKind> {
    KNOWN_KINDS.iter().find(|known| known.kind == kind && known.group == group)
}
