//! A stack of objects, planned and applied by engine and target in this process.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use stackctl_engine::{CancelToken, ExecuteOptions, PlanOptions, Planned, Targets, execute, plan};
use stackctl_integration::{ControlPlane, Request};
use stackctl_kubernetes::{ConnectOptions, Kubernetes, install_crypto};
use stackctl_model::{
    ActionKind, Desired, Event, GroupVersionKind, Live, Object, Origin, Plan, Question, Report,
    Resource, ResourceId, Scope, SecretSource, System, kind_of_group,
};
use stackctl_plan::{Goal, StackMark};
use tokio::sync::mpsc::unbounded_channel;

pub(super) const PATIENCE: Duration = Duration::from_mins(1);

/// A stack in a namespace of its own.
pub(super) struct Lab {
    pub(super) cluster: &'static ControlPlane,
    pub(super) target: Arc<Kubernetes>,
    pub(super) namespace: String,
    resources: Vec<Resource>,
}

/// What became of an apply.
pub(super) struct Ended {
    pub(super) plan: Plan,
    pub(super) report: Report,
    pub(super) events: Vec<Event>,
}

impl Ended {
    /// Everything that was said while waiting.
    pub(super) fn missing(&self) -> Vec<String> {
        let events = self.events.iter();
        events
            .filter_map(|event| match event {
                Event::Waiting { missing, .. } => Some(missing.clone()),
                _ => None,
            })
            .collect()
    }
}

pub(super) async fn connect(kubeconfig: &Path) -> Kubernetes {
    install_crypto();
    let options =
        ConnectOptions { kubeconfig: Some(kubeconfig.to_owned()), ..ConnectOptions::default() };
    Kubernetes::connect(&options).await.unwrap_or_else(|error| panic!("{error:?}"))
}

impl Lab {
    /// An empty stack; its namespace is its first resource.
    pub(super) async fn new(stem: &str) -> Self {
        let cluster = ControlPlane::shared();
        let namespace = stem.to_owned();
        let target = Arc::new(connect(cluster.operator_kubeconfig()).await);
        let mut lab = Self { cluster, target, namespace, resources: Vec::new() };
        lab.add(json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": stem}}));
        lab
    }

    /// Adds an object, in the stack's namespace unless its kind has none. It needs all before it when
    /// they are of the kinds that others need.
    pub(super) fn add(&mut self, value: Value) -> ResourceId {
        self.add_secret(value, &[])
    }

    pub(super) fn add_secret(
        &mut self,
        value: Value,
        holes: &[(&str, SecretSource)],
    ) -> ResourceId {
        let resource = self.resource(value, holes);
        let id = resource.id.clone();
        self.resources.retain(|one| one.id != id);
        self.resources.push(resource);
        id
    }

    fn resource(&self, mut value: Value, holes: &[(&str, SecretSource)]) -> Resource {
        let kind = GroupVersionKind::of(&value).unwrap();
        let known = kind_of_group(&kind.group, &kind.kind);
        let namespace =
            known.is_none_or(|known| known.scope == Scope::Namespace).then_some(&self.namespace);
        if let Some(namespace) = namespace {
            value["metadata"]["namespace"] = json!(namespace);
        }
        let name = value["metadata"]["name"].as_str().unwrap().to_owned();
        let id = ResourceId::object(kind.group, kind.kind, namespace.map(String::as_str), name);
        let is_needed = |one: &&Resource| {
            ["Namespace", "CustomResourceDefinition", "StorageClass", "Gateway"]
                .contains(&one.id.as_object().unwrap().kind.as_str())
        };
        let after = self.resources.iter().filter(is_needed).map(|one| one.id.clone());
        Resource {
            after: after.filter(|other| *other != id).collect(),
            id,
            app: None,
            origin: Origin { file: "stack.kdl".into(), line: 1, column: 1 },
            desired: Desired::Object(Object {
                secrets: holes
                    .iter()
                    .map(|(key, from)| ((*key).to_owned(), from.clone()))
                    .collect(),
                ..Object::plain(value)
            }),
        }
    }

    /// Takes a resource out of the stack.
    pub(super) fn remove(&mut self, id: &ResourceId) {
        self.resources.retain(|one| one.id != *id);
    }

    /// Takes everything but the namespace out of the stack.
    pub(super) fn clear(&mut self) {
        self.resources.truncate(1);
    }

    pub(super) fn mark(&self) -> StackMark {
        StackMark { name: self.namespace.clone(), namespace: self.namespace.clone() }
    }

    fn targets(&self) -> Targets {
        Targets::new(self.target.clone()).with(System::Kubernetes, self.target.clone())
    }

    /// What a plan asks of the cluster first.
    pub(super) fn question(&self) -> Question {
        let resources = self.resources.clone();
        let request = stackctl_plan::Request::new(self.mark(), Goal::Apply);
        let request = stackctl_plan::Request { resources, ..request };
        let questions = request.prepare().unwrap().questions(&Live::default());
        questions[&System::Kubernetes].clone()
    }

    pub(super) async fn planned(&self) -> Planned {
        let options = PlanOptions::new(self.mark(), Goal::Apply);
        plan(&self.targets(), self.resources.clone(), &options).await.unwrap()
    }

    /// What would be done, each with the fields that change.
    pub(super) async fn actions(&self) -> Vec<(String, ActionKind, Vec<String>)> {
        let plan = self.planned().await.plan;
        let actions = plan.actions.iter();
        actions
            .map(|action| {
                let paths = action.changes.iter().map(|change| change.path.to_string());
                (action.id.to_string(), action.kind(), paths.collect())
            })
            .collect()
    }

    pub(super) async fn apply(&self) -> Ended {
        self.apply_within(PATIENCE).await
    }

    /// Applies; each resource may take this long to be ready.
    pub(super) async fn apply_within(&self, timeout: Duration) -> Ended {
        let planned = self.planned().await;
        let plan = planned.plan.clone();
        let (tell, mut told) = unbounded_channel();
        let options = ExecuteOptions { timeout, ..ExecuteOptions::default() };
        let report =
            execute(self.targets(), planned, options, CancelToken::new(), tell).await.unwrap();
        let mut events = Vec::new();
        while let Ok(event) = told.try_recv() {
            events.push(event);
        }
        Ended { plan, report, events }
    }

    /// Applies; everything must end well.
    pub(super) async fn applied(&self) -> Ended {
        let ended = self.apply().await;
        assert!(ended.report.is_complete(), "{:#?}", ended.report);
        ended
    }

    pub(super) fn kubectl(&self, words: &[&str]) -> String {
        self.cluster.run(&[&["-n", self.namespace.as_str()], words].concat()).unwrap()
    }

    pub(super) fn get(&self, what: &str) -> Value {
        self.cluster.get(&["-n", &self.namespace, what]).unwrap()
    }

    /// The requests of this stack only, since other tests ask at the same time.
    pub(super) fn of_this_stack(&self, requests: Vec<Request>) -> Vec<Request> {
        let mark = self.mark().value();
        let path = format!("/namespaces/{}", self.namespace);
        let is_ours = |one: &Request| one.uri.contains(&mark) || one.uri.contains(&path);
        requests.into_iter().filter(is_ours).collect()
    }
}

pub(super) fn config_map(name: &str, value: &str) -> Value {
    json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, "data": {"key": value}})
}

pub(super) fn deployment(name: &str) -> Value {
    json!({
        "apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": name},
        "spec": {
            "selector": {"matchLabels": {"app": name}},
            "template": {
                "metadata": {"labels": {"app": name}},
                "spec": {"containers": [{
                    "name": "main", "image": "registry.example.com/main:1",
                    "ports": [{"containerPort": 8080}],
                    "resources": {"requests": {"cpu": "10m", "memory": "16Mi"}},
                }]},
            },
        },
    })
}

pub(super) fn service(name: &str) -> Value {
    json!({
        "apiVersion": "v1", "kind": "Service", "metadata": {"name": name},
        "spec": {"selector": {"app": name}, "ports": [{"name": "http", "port": 80, "targetPort": 8080}]},
    })
}

pub(super) fn class(name: &str, replicas: &str) -> Value {
    json!({
        "apiVersion": "storage.k8s.io/v1", "kind": "StorageClass", "metadata": {"name": name},
        "provisioner": "driver.longhorn.io", "parameters": {"numberOfReplicas": replicas},
        "allowVolumeExpansion": true,
    })
}

pub(super) fn claim(name: &str, class: &str) -> Value {
    json!({
        "apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": {"name": name},
        "spec": {"storageClassName": class, "accessModes": ["ReadWriteOnce"],
                 "resources": {"requests": {"storage": "1Gi"}}},
    })
}
