//! A cluster in memory: what a stack's objects would be there.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use stackctl_model::{
    Desired, GroupVersionKind, Live, Object, Operation, Origin, Plan, Preview, Resource, ResourceId,
};
use stackctl_plan::kubernetes::{Schema, merge};
use stackctl_plan::{Goal, PlanError, Request, StackMark};

pub(crate) fn mark() -> StackMark {
    StackMark { name: "home".into(), namespace: "media".into() }
}

/// The resource of an object, asked for on this line.
pub(crate) fn resource(value: Value, line: usize) -> Resource {
    let kind = GroupVersionKind::of(&value).unwrap();
    let namespace = value["metadata"]["namespace"].as_str();
    let name = value["metadata"]["name"].as_str().unwrap();
    Resource {
        id: ResourceId::object(kind.group, kind.kind, namespace, name),
        app: None,
        origin: Origin { file: "stack.kdl".into(), line, column: 1 },
        after: BTreeSet::new(),
        desired: Desired::Object(Object::plain(value)),
    }
}

pub(crate) fn config_map(name: &str, data: &Value) -> Resource {
    resource(
        json!({"apiVersion": "v1", "kind": "ConfigMap",
            "metadata": {"name": name, "namespace": "media"}, "data": data}),
        1,
    )
}

pub(crate) fn deployment(image: &str) -> Resource {
    resource(
        json!({"apiVersion": "apps/v1", "kind": "Deployment",
            "metadata": {"name": "jellyfin", "namespace": "media"},
            "spec": {"replicas": 1, "selector": {"matchLabels": {"app": "jellyfin"}},
                "strategy": {"type": "Recreate"},
                "template": {"metadata": {"labels": {"app": "jellyfin"}}, "spec": {"containers": [
                    {"name": "jellyfin", "image": image, "ports": [{"containerPort": 8096}],
                     "resources": {"limits": {"cpu": "1", "memory": "1Gi"}}}]}}}}),
        2,
    )
}

pub(crate) fn request(resources: Vec<Resource>) -> Request {
    Request { resources, ..Request::new(mark(), Goal::Apply) }
}

/// What is live once a plan was carried out.
pub(crate) fn carried_out(plan: &Plan, live: &Live) -> Live {
    let mut live = live.clone();
    live.cluster.namespaces.insert("media".to_owned());
    for action in &plan.actions {
        match &action.operation {
            Operation::Create(object) => {
                live.cluster
                    .objects
                    .insert(action.id.clone(), merge(None, &object.value, Schema::embedded()));
            }
            Operation::Update(over) => {
                let before = live.cluster.objects.get(&action.id);
                let merged = merge(before, &over.object.value, Schema::embedded());
                live.cluster.objects.insert(action.id.clone(), merged);
            }
            Operation::Replace(replacement) => {
                let made = merge(None, &replacement.object.value, Schema::embedded());
                live.cluster.objects.insert(action.id.clone(), made);
            }
            Operation::Delete(_) | Operation::Retire(_) => {
                live.cluster.objects.remove(&action.id);
            }
            other => panic!("{other:?}"),
        }
    }
    live
}

/// Plans with the previews that this cluster would give.
pub(crate) fn plan(request: Request, live: &Live) -> Result<Plan, PlanError> {
    let planner = request.prepare()?;
    let compared = planner.compare(live);
    let previews = compared
        .to_preview()
        .into_iter()
        .map(|resource| {
            let Desired::Object(object) = &resource.desired else { panic!("no object") };
            let after =
                merge(live.cluster.objects.get(&resource.id), &object.value, Schema::embedded());
            (resource.id.clone(), Preview::Object(after))
        })
        .collect();
    Ok(compared.plan(&previews))
}

/// What is live once these were applied to nothing.
pub(crate) fn applied(resources: Vec<Resource>) -> Live {
    let empty = Live::default();
    carried_out(&plan(request(resources), &empty).unwrap(), &empty)
}

/// `id action paths` of each action.
pub(crate) fn said(plan: &Plan) -> Vec<String> {
    plan.actions
        .iter()
        .map(|action| {
            let paths: Vec<_> =
                action.changes.iter().map(|change| change.path.to_string()).collect();
            format!("{:?} {} [{}]", action.kind(), action.id, paths.join(" "))
        })
        .collect()
}
