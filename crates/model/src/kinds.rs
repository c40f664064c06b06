//! Kubernetes kinds that stackctl knows by name: how the API spells them and how people shorten them.

/// A kind of object known by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownKind {
    /// API group; empty for the core group.
    pub group: &'static str,
    /// The version stackctl writes.
    pub version: &'static str,
    /// Such as `PersistentVolumeClaim`.
    pub kind: &'static str,
    /// Such as `persistentvolumeclaims`.
    pub plural: &'static str,
    /// kubectl's short names.
    pub short: &'static [&'static str],
    /// Whether its objects live in namespaces.
    pub namespaced: bool,
}

const fn kind(
    group: &'static str,
    version: &'static str,
    kind: &'static str,
    plural: &'static str,
    short: &'static [&'static str],
    namespaced: bool,
) -> KnownKind {
    KnownKind { group, version, kind, plural, short, namespaced }
}

/// Every kind known by name; a kind's lower-case name alone means the one in this table.
pub const KNOWN_KINDS: &[KnownKind] = &[
    kind("", "v1", "Namespace", "namespaces", &["ns"], false),
    kind("", "v1", "Node", "nodes", &["no"], false),
    kind("", "v1", "PersistentVolume", "persistentvolumes", &["pv"], false),
    kind("", "v1", "PersistentVolumeClaim", "persistentvolumeclaims", &["pvc"], true),
    kind("", "v1", "ConfigMap", "configmaps", &["cm"], true),
    kind("", "v1", "Secret", "secrets", &[], true),
    kind("", "v1", "Service", "services", &["svc"], true),
    kind("", "v1", "ServiceAccount", "serviceaccounts", &["sa"], true),
    kind("", "v1", "Pod", "pods", &["po"], true),
    kind("", "v1", "LimitRange", "limitranges", &["limits"], true),
    kind("", "v1", "ResourceQuota", "resourcequotas", &["quota"], true),
    kind("apps", "v1", "Deployment", "deployments", &["deploy"], true),
    kind("apps", "v1", "StatefulSet", "statefulsets", &["sts"], true),
    kind("apps", "v1", "DaemonSet", "daemonsets", &["ds"], true),
    kind("apps", "v1", "ReplicaSet", "replicasets", &["rs"], true),
    kind("batch", "v1", "CronJob", "cronjobs", &["cj"], true),
    kind("batch", "v1", "Job", "jobs", &[], true),
    kind(
        "autoscaling",
        "v2",
        "HorizontalPodAutoscaler",
        "horizontalpodautoscalers",
        &["hpa"],
        true,
    ),
    kind("policy", "v1", "PodDisruptionBudget", "poddisruptionbudgets", &["pdb"], true),
    kind("networking.k8s.io", "v1", "NetworkPolicy", "networkpolicies", &["netpol"], true),
    kind("networking.k8s.io", "v1", "Ingress", "ingresses", &["ing"], true),
    kind("storage.k8s.io", "v1", "StorageClass", "storageclasses", &["sc"], false),
    kind("resource.k8s.io", "v1", "ResourceClaimTemplate", "resourceclaimtemplates", &[], true),
    kind("scheduling.k8s.io", "v1", "PriorityClass", "priorityclasses", &["pc"], false),
    kind("rbac.authorization.k8s.io", "v1", "Role", "roles", &[], true),
    kind("rbac.authorization.k8s.io", "v1", "RoleBinding", "rolebindings", &[], true),
    kind("rbac.authorization.k8s.io", "v1", "ClusterRole", "clusterroles", &[], false),
    kind(
        "rbac.authorization.k8s.io",
        "v1",
        "ClusterRoleBinding",
        "clusterrolebindings",
        &[],
        false,
    ),
    kind(
        "apiextensions.k8s.io",
        "v1",
        "CustomResourceDefinition",
        "customresourcedefinitions",
        &["crd", "crds"],
        false,
    ),
    kind(
        "admissionregistration.k8s.io",
        "v1",
        "MutatingWebhookConfiguration",
        "mutatingwebhookconfigurations",
        &[],
        false,
    ),
    kind(
        "admissionregistration.k8s.io",
        "v1",
        "ValidatingWebhookConfiguration",
        "validatingwebhookconfigurations",
        &[],
        false,
    ),
    kind("gateway.networking.k8s.io", "v1", "GatewayClass", "gatewayclasses", &["gc"], false),
    kind("gateway.networking.k8s.io", "v1", "Gateway", "gateways", &["gtw"], true),
    kind("gateway.networking.k8s.io", "v1", "HTTPRoute", "httproutes", &[], true),
    kind(
        "gateway.networking.k8s.io",
        "v1beta1",
        "ReferenceGrant",
        "referencegrants",
        &["refgrant"],
        true,
    ),
    kind(
        "cilium.io",
        "v2",
        "CiliumNetworkPolicy",
        "ciliumnetworkpolicies",
        &["cnp", "ciliumnp"],
        true,
    ),
    kind(
        "cilium.io",
        "v2",
        "CiliumClusterwideNetworkPolicy",
        "ciliumclusterwidenetworkpolicies",
        &["ccnp"],
        false,
    ),
    kind("cert-manager.io", "v1", "Certificate", "certificates", &["cert"], true),
    kind("cert-manager.io", "v1", "Issuer", "issuers", &[], true),
    kind("cert-manager.io", "v1", "ClusterIssuer", "clusterissuers", &[], false),
    kind("monitoring.coreos.com", "v1", "ServiceMonitor", "servicemonitors", &["smon"], true),
    kind("monitoring.coreos.com", "v1", "PrometheusRule", "prometheusrules", &["promrule"], true),
    kind("longhorn.io", "v1beta2", "RecurringJob", "recurringjobs", &["lhrj"], true),
];

/// Looks a kind up by its name in any case, its plural or a short name: `pvc`, `Deployment`, `services`.
pub fn known_kind(name: &str) -> Option<&'static KnownKind> {
    let lower = name.to_ascii_lowercase();
    KNOWN_KINDS.iter().find(|known| {
        known.kind.eq_ignore_ascii_case(&lower)
            || known.plural == lower
            || known.short.contains(&lower.as_str())
    })
}
