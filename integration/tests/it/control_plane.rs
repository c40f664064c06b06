//! The lab itself: what later tests take for granted.

use std::time::Duration;

use serde_json::Value;
use stackctl_integration::ControlPlane;

const PATIENCE: Duration = Duration::from_secs(60);

fn condition(object: &Value, name: &str) -> bool {
    let found = object["conditions"].as_array().into_iter().flatten();
    found.filter(|one| one["type"] == name).any(|one| one["status"] == "True")
}

#[test]
fn three_nodes_are_ready_and_have_addresses() {
    let nodes = ControlPlane::shared().get(&["nodes"]).unwrap();
    let nodes = nodes["items"].as_array().unwrap();
    assert_eq!(nodes.len(), 3);
    for node in nodes {
        assert!(condition(&node["status"], "Ready"), "{node:#}");
        assert_eq!(node["status"]["addresses"][0]["type"], "InternalIP");
    }
}

#[test]
fn claim_of_a_longhorn_class_is_bound_and_its_deployment_available() {
    let cluster = ControlPlane::shared();
    let namespace = cluster.namespace("claim").unwrap();
    cluster
        .apply(&format!(
            "
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: {{name: {namespace}}}
provisioner: driver.longhorn.io
reclaimPolicy: Delete
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {{name: data, namespace: {namespace}}}
spec:
  storageClassName: {namespace}
  accessModes: [ReadWriteOnce]
  resources: {{requests: {{storage: 3Gi}}}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {{name: app, namespace: {namespace}}}
spec:
  selector: {{matchLabels: {{app: app}}}}
  template:
    metadata: {{labels: {{app: app}}}}
    spec:
      containers:
        - {{name: app, image: app, volumeMounts: [{{name: data, mountPath: /data}}]}}
      volumes: [{{name: data, persistentVolumeClaim: {{claimName: data}}}}]
"
        ))
        .unwrap();
    let available = |app: &Value| app["status"]["availableReplicas"] == 1;
    cluster.await_object(&["-n", &namespace, "deployment/app"], PATIENCE, available).unwrap();
    let claim = cluster.get(&["-n", &namespace, "pvc/data"]).unwrap();
    assert_eq!(claim["status"]["phase"], "Bound");
    assert_eq!(claim["status"]["capacity"]["storage"], "3Gi");
}

#[test]
fn annotated_gateway_gets_certificate_address_and_route() {
    let cluster = ControlPlane::shared();
    let namespace = cluster.namespace("way-in").unwrap();
    cluster
        .apply(&format!(
            "
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: external
  namespace: {namespace}
  annotations: {{cert-manager.io/cluster-issuer: letsencrypt}}
spec:
  gatewayClassName: cilium
  listeners:
    - name: https
      protocol: HTTPS
      port: 443
      hostname: '*.{namespace}.example.com'
      tls: {{certificateRefs: [{{name: wildcard}}]}}
---
apiVersion: v1
kind: Service
metadata: {{name: app, namespace: {namespace}}}
spec: {{selector: {{app: app}}, ports: [{{port: 80}}]}}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {{name: app, namespace: {namespace}}}
spec:
  parentRefs: [{{name: external}}]
  hostnames: [app.{namespace}.example.com]
  rules: [{{backendRefs: [{{name: app, port: 80}}]}}]
"
        ))
        .unwrap();
    let ready = |gateway: &Value| {
        condition(&gateway["status"], "Programmed")
            && gateway["status"]["listeners"][0]["attachedRoutes"] == 1
    };
    let gateway =
        cluster.await_object(&["-n", &namespace, "gateway/external"], PATIENCE, ready).unwrap();
    let address = gateway["status"]["addresses"][0]["value"].as_str().unwrap();
    assert!(address.starts_with("10.0.0.4"), "{address}");
    let route = cluster.get(&["-n", &namespace, "httproute/app"]).unwrap();
    assert!(condition(&route["status"]["parents"][0], "Accepted"), "{route:#}");
    assert!(condition(&route["status"]["parents"][0], "ResolvedRefs"), "{route:#}");
}

#[test]
fn audit_tells_a_dry_run_from_a_write() {
    let cluster = ControlPlane::shared();
    let namespace = cluster.namespace("audit").unwrap();
    let mut audit = cluster.audit();
    let create = ["create", "configmap", "seen", "-n", &namespace];
    cluster.run(&[&create[..], &["--dry-run=server"]].concat()).unwrap();
    cluster.run(&create).unwrap();
    let mut seen = audit.requests_of("kubectl").unwrap();
    seen.retain(|request| request.namespace == namespace && request.resource == "configmaps");
    let told: Vec<_> = seen.iter().map(|one| (one.verb.as_str(), one.dry_run, one.code)).collect();
    assert_eq!(told, [("create", true, 201), ("create", false, 201)]);
}

#[test]
fn operator_may_write_and_is_not_of_masters() {
    let cluster = ControlPlane::shared();
    let mut kubectl = cluster.kubectl();
    kubectl.env("KUBECONFIG", cluster.operator_kubeconfig());
    let output = kubectl.args(["auth", "whoami", "-o", "json"]).output().unwrap();
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    let groups = &told["status"]["userInfo"]["groups"];
    assert_eq!(groups, &serde_json::json!(["lab-operators", "system:authenticated"]));
}
