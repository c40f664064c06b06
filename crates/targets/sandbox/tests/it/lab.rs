//! A stack in a sandbox of its own, planned and applied as the commands do it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use serde_json::{Value, json};
use stackctl_engine::{
    CancelToken, EngineError, ExecuteOptions, PlanOptions, Planned, Targets, execute, plan,
};
use stackctl_model::{
    ActionKind, Desired, IdPattern, Object, ObjectId, Origin, Plan, Report, Resource, ResourceId,
    SecretSource,
};
use stackctl_plan::{Goal, StackMark};
use stackctl_sandbox::Sandbox;
use tokio::sync::mpsc;

/// A folder with a stack's sandbox in it.
pub(crate) struct Lab {
    folder: tempfile::TempDir,
}

impl Lab {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn path(&self, below: &str) -> PathBuf {
        self.folder.path().join(below)
    }

    pub(crate) fn read(&self, below: &str) -> String {
        std::fs::read_to_string(self.path(below)).unwrap()
    }

    /// Edits an object's file as a person would.
    pub(crate) fn edit(&self, below: &str, from: &str, to: &str) {
        let text = self.read(below);
        assert!(text.contains(from), "{text}");
        std::fs::write(self.path(below), text.replace(from, to)).unwrap();
    }

    pub(crate) fn sandbox(&self) -> Sandbox {
        Sandbox::open(&self.path("sandbox")).unwrap()
    }

    pub(crate) fn options() -> PlanOptions {
        let mark = StackMark { name: "home".to_owned(), namespace: "media".to_owned() };
        PlanOptions::new(mark, Goal::Apply)
    }

    fn targets(&self) -> Targets {
        Targets::all_in(&Arc::new(self.sandbox()))
    }

    pub(crate) async fn plan(&self, stack: &[Resource]) -> Plan {
        self.plan_with(stack, &Self::options()).await.unwrap().plan
    }

    pub(crate) async fn plan_with(
        &self,
        stack: &[Resource],
        options: &PlanOptions,
    ) -> Result<Planned, EngineError> {
        let options = PlanOptions { folder: self.folder.path().to_owned(), ..options.clone() };
        plan(&self.targets(), stack.to_vec(), &options).await
    }

    /// Plans and applies; the plan, and what became of it.
    pub(crate) async fn apply(&self, stack: &[Resource]) -> (Plan, Report) {
        self.apply_with(stack, &Self::options()).await
    }

    pub(crate) async fn apply_with(
        &self,
        stack: &[Resource],
        options: &PlanOptions,
    ) -> (Plan, Report) {
        let planned = self.plan_with(stack, options).await.unwrap();
        let plan = planned.plan.clone();
        (plan, self.execute(planned).await.unwrap())
    }

    pub(crate) async fn execute(&self, planned: Planned) -> Result<Report, EngineError> {
        let (sender, _receiver) = mpsc::unbounded_channel();
        let options = ExecuteOptions::default();
        execute(self.targets(), planned, options, CancelToken::new(), sender).await
    }

    /// Applies, and proves that there is nothing left to do.
    pub(crate) async fn settle(&self, stack: &[Resource]) {
        let (_, report) = self.apply(stack).await;
        assert!(report.is_complete(), "{report:?}");
        let again = self.plan(stack).await;
        assert_eq!(said(&again), BTreeMap::new(), "{again:#?}");
    }
}

/// What a plan does to what.
pub(crate) fn said(plan: &Plan) -> BTreeMap<String, ActionKind> {
    plan.actions.iter().map(|action| (action.id.to_string(), action.kind())).collect()
}

/// Each changed field of a plan: id, path, before, after.
pub(crate) fn changes(plan: &Plan) -> Vec<String> {
    let mut lines = Vec::new();
    for action in &plan.actions {
        for change in &action.changes {
            let value = |value| serde_json::to_string(value).unwrap();
            let (before, after) = (value(&change.before), value(&change.after));
            lines.push(format!("{} {}: {before} -> {after}", action.id, change.path));
        }
    }
    lines
}

pub(crate) fn pattern(text: &str) -> IdPattern {
    text.parse().unwrap()
}

/// A resource from its object; it needs its namespace and these.
pub(crate) fn resource(value: Value, after: &[&Resource]) -> Resource {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let api_version = text(&value["apiVersion"]);
    let group = api_version.split_once('/').map_or("", |(group, _)| group).to_owned();
    let namespace = value["metadata"]["namespace"].as_str().map(str::to_owned);
    let mut needs: BTreeSet<_> = after.iter().map(|needed| needed.id.clone()).collect();
    if let Some(name) = &namespace {
        needs.insert(ResourceId::object("", "Namespace", None, name.clone()));
    }
    let id = ObjectId {
        kind: text(&value["kind"]),
        group,
        namespace,
        name: text(&value["metadata"]["name"]),
    };
    Resource {
        id: ResourceId::Object(id),
        app: None,
        origin: Origin { file: "stack.kdl".to_owned(), line: 1, column: 1 },
        after: needs,
        desired: Desired::Object(Object::plain(value)),
    }
}

pub(crate) fn namespace() -> Resource {
    resource(json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "media"}}), &[])
}

pub(crate) fn config_map(name: &str, data: &Value) -> Resource {
    resource(
        json!({
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": {"name": name, "namespace": "media"},
            "data": data,
        }),
        &[],
    )
}

pub(crate) fn claim(name: &str, size: &str) -> Resource {
    resource(
        json!({
            "apiVersion": "v1",
            "kind": "PersistentVolumeClaim",
            "metadata": {"name": name, "namespace": "media"},
            "spec": {
                "accessModes": ["ReadWriteOnce"],
                "resources": {"requests": {"storage": size}},
                "storageClassName": "longhorn",
            },
        }),
        &[],
    )
}

pub(crate) fn deployment(name: &str, memory: &str, after: &[&Resource]) -> Resource {
    let labels = json!({"app.kubernetes.io/name": name});
    resource(
        json!({
            "apiVersion": "apps/v1",
            "kind": "Deployment",
            "metadata": {"name": name, "namespace": "media"},
            "spec": {
                "selector": {"matchLabels": labels},
                "template": {
                    "metadata": {"labels": labels},
                    "spec": {"containers": [{
                        "name": name,
                        "image": format!("docker.io/{name}/{name}:1.0.0"),
                        "ports": [{"containerPort": 8096}],
                        "resources": {"limits": {"memory": memory}},
                    }]},
                },
            },
        }),
        after,
    )
}

pub(crate) fn secret(name: &str, key: &str, source: SecretSource) -> Resource {
    let mut secret = resource(
        json!({
            "apiVersion": "v1",
            "kind": "Secret",
            "metadata": {"name": name, "namespace": "media"},
        }),
        &[],
    );
    if let Desired::Object(object) = &mut secret.desired {
        object.secrets.insert(key.to_owned(), source);
    }
    secret
}
