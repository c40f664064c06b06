//! What an object names: every reference that Kubernetes, the Gateway API and cert-manager follow by name.

use serde_json::{Map, Value};
use stackctl_model::{ObjectId, ResourceId};

const GATEWAY_API: &str = "gateway.networking.k8s.io";
const RBAC: &str = "rbac.authorization.k8s.io";
const CERT_MANAGER: &str = "cert-manager.io";

/// The pod spec of whatever runs pods.
pub(super) fn pod_of(object: &Value) -> Option<&Map<String, Value>> {
    pod_template(object)?.get("spec")?.as_object()
}

/// The labels of its pods.
pub(super) fn pod_labels_of(object: &Value) -> Option<&Map<String, Value>> {
    pod_template(object)?.get("metadata")?.get("labels")?.as_object()
}

fn pod_template(object: &Value) -> Option<&Value> {
    match object["kind"].as_str()? {
        "Deployment" | "StatefulSet" | "DaemonSet" | "ReplicaSet" | "Job" => {
            object.get("spec")?.get("template")
        }
        "CronJob" => object.get("spec")?.get("jobTemplate")?.get("spec")?.get("template"),
        "Pod" => Some(object),
        _ => None,
    }
}

/// Names found in one object, as ids; whether the stack has them is not known here.
pub(super) fn of(own: &ObjectId, object: &Value) -> Vec<ResourceId> {
    let mut found = Found { namespace: own.namespace.as_deref(), ids: Vec::new() };
    if let Some(namespace) = &own.namespace {
        found.cluster("", "Namespace", Some(namespace));
    }
    if let Some(pod) = pod_of(object) {
        found.pod(pod);
    }
    let spec = &object["spec"];
    match (own.group.as_str(), own.kind.as_str()) {
        ("", "PersistentVolumeClaim") => found.claim(spec),
        ("", "PersistentVolume") => {
            found.cluster("storage.k8s.io", "StorageClass", spec["storageClassName"].as_str());
        }
        ("apps", "StatefulSet") => {
            found.local("", "Service", spec["serviceName"].as_str());
            for template in list(&spec["volumeClaimTemplates"]) {
                found.claim(&template["spec"]);
            }
        }
        (GATEWAY_API, "Gateway") => found.gateway(object),
        (GATEWAY_API, _) => found.route(spec),
        ("autoscaling", "HorizontalPodAutoscaler") => found.target(&spec["scaleTargetRef"]),
        (RBAC, "RoleBinding" | "ClusterRoleBinding") => found.binding(object),
        (CERT_MANAGER, "Certificate") => found.issuer(&spec["issuerRef"]),
        ("networking.k8s.io", "Ingress") => found.ingress(spec),
        // Nothing else is followed by name.
        _ => {}
    }
    found.ids
}

/// Namespaces other than its own that a route's backends live in.
pub(super) fn foreign_backends<'v>(
    own: &'v ObjectId,
    object: &'v Value,
) -> impl Iterator<Item = &'v str> {
    list(&object["spec"]["rules"])
        .flat_map(|rule| list(&rule["backendRefs"]))
        .filter_map(|backend| backend["namespace"].as_str())
        .filter(|namespace| own.namespace.as_deref() != Some(*namespace))
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

struct Found<'a> {
    namespace: Option<&'a str>,
    ids: Vec<ResourceId>,
}

impl Found<'_> {
    fn push(&mut self, group: &str, kind: &str, namespace: Option<&str>, name: Option<&str>) {
        if let Some(name) = name.filter(|name| !name.is_empty()) {
            self.ids.push(ResourceId::object(group, kind, namespace, name));
        }
    }

    fn local(&mut self, group: &str, kind: &str, name: Option<&str>) {
        self.push(group, kind, self.namespace, name);
    }

    fn cluster(&mut self, group: &str, kind: &str, name: Option<&str>) {
        self.push(group, kind, None, name);
    }

    fn pod(&mut self, pod: &Map<String, Value>) {
        let field = |name: &str| pod.get(name).unwrap_or(&Value::Null);
        self.local("", "ServiceAccount", field("serviceAccountName").as_str());
        self.cluster("scheduling.k8s.io", "PriorityClass", field("priorityClassName").as_str());
        for secret in list(field("imagePullSecrets")) {
            self.local("", "Secret", secret["name"].as_str());
        }
        for volume in list(field("volumes")) {
            self.volume(volume);
        }
        for containers in ["initContainers", "containers"] {
            for container in list(field(containers)) {
                self.container(container);
            }
        }
    }

    fn volume(&mut self, volume: &Value) {
        let claim = &volume["persistentVolumeClaim"]["claimName"];
        self.local("", "PersistentVolumeClaim", claim.as_str());
        self.local("", "ConfigMap", volume["configMap"]["name"].as_str());
        self.local("", "Secret", volume["secret"]["secretName"].as_str());
        self.claim(&volume["ephemeral"]["volumeClaimTemplate"]["spec"]);
        for source in list(&volume["projected"]["sources"]) {
            self.local("", "ConfigMap", source["configMap"]["name"].as_str());
            self.local("", "Secret", source["secret"]["name"].as_str());
        }
    }

    fn container(&mut self, container: &Value) {
        for variable in list(&container["env"]) {
            let from = &variable["valueFrom"];
            self.local("", "ConfigMap", from["configMapKeyRef"]["name"].as_str());
            self.local("", "Secret", from["secretKeyRef"]["name"].as_str());
        }
        for from in list(&container["envFrom"]) {
            self.local("", "ConfigMap", from["configMapRef"]["name"].as_str());
            self.local("", "Secret", from["secretRef"]["name"].as_str());
        }
    }

    fn claim(&mut self, spec: &Value) {
        self.cluster("storage.k8s.io", "StorageClass", spec["storageClassName"].as_str());
        self.cluster("", "PersistentVolume", spec["volumeName"].as_str());
        if spec["dataSource"]["kind"] == "PersistentVolumeClaim" {
            self.local("", "PersistentVolumeClaim", spec["dataSource"]["name"].as_str());
        }
    }

    fn gateway(&mut self, gateway: &Value) {
        let spec = &gateway["spec"];
        self.cluster(GATEWAY_API, "GatewayClass", spec["gatewayClassName"].as_str());
        for listener in list(&spec["listeners"]) {
            for certificate in list(&listener["tls"]["certificateRefs"]) {
                let namespace = certificate["namespace"].as_str().or(self.namespace);
                self.push("", "Secret", namespace, certificate["name"].as_str());
            }
        }
        let annotations = &gateway["metadata"]["annotations"];
        let issuer = annotations["cert-manager.io/cluster-issuer"].as_str();
        self.cluster(CERT_MANAGER, "ClusterIssuer", issuer);
        self.local(CERT_MANAGER, "Issuer", annotations["cert-manager.io/issuer"].as_str());
    }

    fn route(&mut self, spec: &Value) {
        for parent in list(&spec["parentRefs"]) {
            let group = parent["group"].as_str().unwrap_or(GATEWAY_API);
            let kind = parent["kind"].as_str().unwrap_or("Gateway");
            let namespace = parent["namespace"].as_str().or(self.namespace);
            self.push(group, kind, namespace, parent["name"].as_str());
        }
        for rule in list(&spec["rules"]) {
            for backend in list(&rule["backendRefs"]) {
                let group = backend["group"].as_str().unwrap_or_default();
                let kind = backend["kind"].as_str().unwrap_or("Service");
                let namespace = backend["namespace"].as_str().or(self.namespace);
                self.push(group, kind, namespace, backend["name"].as_str());
            }
        }
    }

    fn target(&mut self, target: &Value) {
        let api_version = target["apiVersion"].as_str().unwrap_or("apps/v1");
        let group = api_version.split_once('/').map_or("", |(group, _)| group);
        let kind = target["kind"].as_str().unwrap_or_default();
        self.local(group, kind, target["name"].as_str());
    }

    fn binding(&mut self, binding: &Value) {
        let role = &binding["roleRef"];
        match role["kind"].as_str() {
            Some("Role") => self.local(RBAC, "Role", role["name"].as_str()),
            Some("ClusterRole") => self.cluster(RBAC, "ClusterRole", role["name"].as_str()),
            Some(_) | None => {}
        }
        for subject in list(&binding["subjects"]).filter(|one| one["kind"] == "ServiceAccount") {
            let namespace = subject["namespace"].as_str().or(self.namespace);
            self.push("", "ServiceAccount", namespace, subject["name"].as_str());
        }
    }

    fn issuer(&mut self, issuer: &Value) {
        match issuer["kind"].as_str() {
            Some("ClusterIssuer") => {
                self.cluster(CERT_MANAGER, "ClusterIssuer", issuer["name"].as_str());
            }
            Some(_) | None => self.local(CERT_MANAGER, "Issuer", issuer["name"].as_str()),
        }
    }

    fn ingress(&mut self, spec: &Value) {
        for tls in list(&spec["tls"]) {
            self.local("", "Secret", tls["secretName"].as_str());
        }
        for rule in list(&spec["rules"]) {
            for path in list(&rule["http"]["paths"]) {
                self.local("", "Service", path["backend"]["service"]["name"].as_str());
            }
        }
    }
}
