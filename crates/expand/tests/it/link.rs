//! References to edges.

use std::fmt::Write as _;

use crate::lab::{Lab, after, sound, sound_lab};

#[test]
fn an_app_waits_for_what_it_names_and_is_waited_for_by_what_names_it() {
    let resources = sound(
        r#"stack home domain="lab.example.com"
node nuc { gpu intel; sysctl { fs.inotify.max_user_watches 524288; }; }
node nas optional=#true { sysctl { fs.inotify.max_user_watches 524288; }; }
storage-class fast
volume library "2Ti" class=fast
gateway external class=cilium { https "*.lab.example.com" issuer=letsencrypt; }
app tv module=plain {
    network zero-trust
    gpu intel
    expose gateway=external
    volume config "10Gi" class=fast
    mount library "/data"
    env TOKEN=(env)TOKEN
    metrics
    scan "30 4 * * *"
}
"#,
    );
    let mut told = String::new();
    for resource in &resources {
        writeln!(told, "{}", resource.id).unwrap();
        for first in &resource.after {
            writeln!(told, "  after {first}").unwrap();
        }
    }
    insta::assert_snapshot!("edges", told);
}

#[test]
fn what_the_stack_does_not_have_is_no_edge() {
    let resources =
        sound("stack home\napp tv module=plain { volume config \"10Gi\" class=longhorn; }\n");
    assert_eq!(after(&resources, "persistentvolumeclaim/home/tv-config"), ["namespace/home"]);
}

#[test]
fn plain_manifests_are_linked_by_what_they_name() {
    let text = r"
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: reader}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader}
subjects: [{kind: ServiceAccount, name: robot}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: reader}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: robot}
---
apiVersion: batch/v1
kind: Job
metadata: {name: once}
spec:
  template:
    spec:
      serviceAccountName: robot
      containers:
      - name: a
        envFrom: [{configMapRef: {name: settings}}]
      volumes:
      - projected: {sources: [{configMap: {name: more}}]}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: more}
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: tv}
spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: tv}}
";
    let lab =
        Lab::new("stack home\napp tv module=plain\nmanifest \"a.yaml\"\n").with("a.yaml", text);
    let resources = sound_lab(&lab);
    assert_eq!(
        after(&resources, "rolebinding/home/reader"),
        ["namespace/home", "role/home/reader", "serviceaccount/home/robot"]
    );
    assert_eq!(
        after(&resources, "job/home/once"),
        [
            "configmap/home/more",
            "configmap/home/settings",
            "namespace/home",
            "serviceaccount/home/robot"
        ]
    );
    assert_eq!(
        after(&resources, "horizontalpodautoscaler/home/tv"),
        ["deployment/home/tv", "namespace/home"]
    );
}
