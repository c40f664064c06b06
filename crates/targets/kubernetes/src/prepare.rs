//! The stack's own record: the parent of its `ApplySet`, a `ConfigMap` that names the kinds it has ever
//! written, so that what leaves the file is found.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use stackctl_engine::{Observation, TargetError};
use stackctl_model::{Desired, Reach};
use stackctl_plan::{APPLYSET_ID, StackMark};

use crate::Kubernetes;
use crate::error::Doing;
use crate::request::{Failure, Mode, escaped};

/// Annotation with the kinds of members: `Deployment.apps,Service`.
const KINDS: &str = "applyset.kubernetes.io/contains-group-kinds";
/// Annotation with the namespaces of members besides the parent's.
const NAMESPACES: &str = "applyset.kubernetes.io/additional-namespaces";
/// Annotation with the number of the last apply.
const GENERATION: &str = "stackctl.io/generation";
/// Annotation with the machines on which the stack may have something of its own, and the ways to them.
const MACHINES: &str = "stackctl.io/machines";
/// Annotation with who keeps the set.
const TOOLING: &str = "applyset.kubernetes.io/tooling";

const WHAT: &str = "the stack's own record";

/// The name of the record, and how the names of what belongs to it begin.
pub(crate) fn parent(wanted: &Observation) -> String {
    let mark = StackMark { name: wanted.stack.clone(), namespace: wanted.namespace.clone() };
    mark.parent()
}

fn path(wanted: &Observation) -> String {
    let (namespace, name) = (escaped(&wanted.namespace), escaped(&parent(wanted)));
    format!("/api/v1/namespaces/{namespace}/configmaps/{name}")
}

/// Kind and group of each kind that a record names.
pub(crate) fn recorded(record: Option<&Value>) -> Vec<(String, String)> {
    let names = listed(record, KINDS).into_iter();
    names
        .map(|name| {
            let (kind, group) = name.split_once('.').unwrap_or((name.as_str(), ""));
            (kind.to_owned(), group.to_owned())
        })
        .collect()
}

/// The namespaces that a record names, besides its own.
pub(crate) fn recorded_namespaces(record: Option<&Value>) -> BTreeSet<String> {
    listed(record, NAMESPACES)
}

/// The machines of the last apply, and how they were reached.
pub(crate) fn recorded_machines(record: Option<&Value>) -> BTreeMap<String, Reach> {
    let text = record.and_then(|record| record["metadata"]["annotations"][MACHINES].as_str());
    text.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
}

fn listed(record: Option<&Value>, annotation: &str) -> BTreeSet<String> {
    let text = record
        .and_then(|record| record["metadata"]["annotations"][annotation].as_str())
        .unwrap_or_default();
    text.split(',').map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

impl Kubernetes {
    /// The record as it is, if there is one.
    pub(crate) async fn record(&self, wanted: &Observation) -> Result<Option<Value>, TargetError> {
        let found = self.api.find(&path(wanted)).await;
        found.map_err(|failure| failure.told(Doing::Looking(WHAT)))
    }

    /// Makes the record name all kinds, and this apply, before the first of them is written.
    pub(crate) async fn keep_record(
        &self,
        wanted: &Observation,
        generation: u64,
    ) -> Result<(), TargetError> {
        let live = self.memory.record();
        let desired = record(wanted, live.as_ref(), generation);
        let written = self.write_record(wanted, &desired).await;
        written.map_err(|failure| failure.told(Doing::Waiting(WHAT)))
    }

    async fn write_record(&self, wanted: &Observation, desired: &Value) -> Result<(), Failure> {
        self.api.apply(&path(wanted), Mode::Write, desired).await.map(drop)
    }

    /// Makes the stack's own namespace, as the stack declares it.
    pub(crate) async fn make_namespace(
        &self,
        wanted: &Observation,
        namespace: Option<&Desired>,
    ) -> Result<(), TargetError> {
        let name = &wanted.namespace;
        let Some(Desired::Object(namespace)) = namespace else {
            return Err(TargetError::Refused {
                message: format!("namespace {name} does not exist, and the stack does not make it"),
                hint: Some(format!("make it (kubectl create namespace {name}), or declare it")),
            });
        };
        let path = format!("/api/v1/namespaces/{}", escaped(name));
        let outcome = self.api.apply(&path, Mode::Write, &namespace.value).await;
        let what = format!("namespace {name}");
        outcome.map(drop).map_err(|failure| failure.told(Doing::Waiting(&what)))
    }
}

/// The number of the last apply; 0 where there was none.
pub(crate) fn last_generation(record: Option<&Value>) -> u64 {
    let text = record.and_then(|record| record["metadata"]["annotations"][GENERATION].as_str());
    text.and_then(|text| text.parse().ok()).unwrap_or_default()
}

fn record(wanted: &Observation, live: Option<&Value>, generation: u64) -> Value {
    let mut kinds = listed(live, KINDS);
    kinds.extend(wanted.kinds.iter().map(|kind| {
        if kind.group.is_empty() {
            kind.kind.clone()
        } else {
            format!("{}.{}", kind.kind, kind.group)
        }
    }));
    let mut namespaces = listed(live, NAMESPACES);
    namespaces.extend(wanted.namespaces.iter().filter(|name| **name != wanted.namespace).cloned());
    let joined = |names: BTreeSet<String>| names.into_iter().collect::<Vec<_>>().join(",");
    json!({
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {
            "name": parent(wanted),
            "namespace": wanted.namespace,
            "labels": {APPLYSET_ID: wanted.mark, "app.kubernetes.io/managed-by": "stackctl"},
            "annotations": {
                KINDS: joined(kinds),
                NAMESPACES: joined(namespaces),
                MACHINES: json!(wanted.machines).to_string(),
                GENERATION: generation.to_string(),
                TOOLING: concat!("stackctl/v", env!("CARGO_PKG_VERSION")),
            },
        },
    })
}

#[cfg(test)]
mod tests {
    use stackctl_model::GroupVersionKind;

    use super::*;

    fn wanted(kinds: &[(&str, &str)]) -> Observation {
        let kinds = kinds.iter().map(|(group, kind)| GroupVersionKind {
            group: (*group).to_owned(),
            version: "v1".to_owned(),
            kind: (*kind).to_owned(),
        });
        Observation {
            mark: "applyset-x-v1".into(),
            stack: "home".into(),
            namespace: "media".into(),
            kinds: kinds.collect(),
            namespaces: ["media".to_owned(), "downloads".to_owned()].into(),
            ..Observation::default()
        }
    }

    #[test]
    fn a_record_only_grows() {
        let first = record(&wanted(&[("apps", "Deployment"), ("", "Service")]), None, 1);
        assert_eq!(first["metadata"]["annotations"][KINDS], "Deployment.apps,Service");
        assert_eq!(first["metadata"]["annotations"][NAMESPACES], "downloads");
        let second = record(&wanted(&[("", "ConfigMap")]), Some(&first), 2);
        assert_eq!(second["metadata"]["annotations"][KINDS], "ConfigMap,Deployment.apps,Service");
        assert_eq!((last_generation(None), last_generation(Some(&second))), (0, 2));
    }

    #[test]
    fn a_group_with_dots_is_read_back() {
        let written = record(&wanted(&[("gateway.networking.k8s.io", "HTTPRoute")]), None, 1);
        let read = recorded(Some(&written));
        assert_eq!(read, [("HTTPRoute".to_owned(), "gateway.networking.k8s.io".to_owned())]);
    }
}
