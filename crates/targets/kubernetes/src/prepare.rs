//! The stack's own record: the parent of its `ApplySet`, a `ConfigMap` that names the kinds it has ever
//! written, so that what leaves the file is found.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use stackctl_engine::{Observation, TargetError};
use stackctl_model::Desired;
use stackctl_plan::{APPLYSET_ID, StackMark};

use crate::Kubernetes;
use crate::error::Doing;
use crate::request::{Failure, Mode, escaped};

/// Annotation with the kinds of members: `Deployment.apps,Service`.
const KINDS: &str = "applyset.kubernetes.io/contains-group-kinds";
/// Annotation with the namespaces of members besides the parent's.
const NAMESPACES: &str = "applyset.kubernetes.io/additional-namespaces";
/// Annotation with who keeps the set.
const TOOLING: &str = "applyset.kubernetes.io/tooling";

const WHAT: &str = "the stack's own record";

fn parent(wanted: &Observation) -> String {
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

    /// Makes the record name all kinds before the first of them is written.
    pub(crate) async fn keep_record(
        &self,
        wanted: &Observation,
        namespace: Option<&Desired>,
    ) -> Result<(), TargetError> {
        let live = self.record(wanted).await?;
        let desired = record(wanted, live.as_ref());
        if live.as_ref().is_some_and(|live| says_as_much(live, &desired)) {
            return Ok(());
        }
        match self.write_record(wanted, &desired).await {
            Err(failure) if failure.is_absent() => {
                self.make_namespace(wanted, namespace).await?;
                self.write_record(wanted, &desired).await
            }
            outcome => outcome,
        }
        .map_err(|failure| failure.told(Doing::Waiting(WHAT)))
    }

    async fn write_record(&self, wanted: &Observation, desired: &Value) -> Result<(), Failure> {
        self.api.apply(&path(wanted), Mode::Write, desired).await.map(drop)
    }

    async fn make_namespace(
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

fn says_as_much(live: &Value, desired: &Value) -> bool {
    let same = |pointer: &[&str]| {
        let at = |value: &Value| {
            pointer.iter().try_fold(value.clone(), |value, key| value.get(key).cloned())
        };
        at(live) == at(desired)
    };
    same(&["metadata", "annotations", KINDS])
        && same(&["metadata", "annotations", NAMESPACES])
        && same(&["metadata", "labels", APPLYSET_ID])
}

fn record(wanted: &Observation, live: Option<&Value>) -> Value {
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
        }
    }

    #[test]
    fn a_record_only_grows() {
        let first = record(&wanted(&[("apps", "Deployment"), ("", "Service")]), None);
        assert_eq!(first["metadata"]["annotations"][KINDS], "Deployment.apps,Service");
        assert_eq!(first["metadata"]["annotations"][NAMESPACES], "downloads");
        let second = record(&wanted(&[("", "ConfigMap")]), Some(&first));
        assert_eq!(second["metadata"]["annotations"][KINDS], "ConfigMap,Deployment.apps,Service");
        let third = record(&wanted(&[("apps", "Deployment")]), Some(&second));
        assert!(says_as_much(&second, &third));
        assert!(!says_as_much(&first, &second));
    }

    #[test]
    fn a_group_with_dots_is_read_back() {
        let written = record(&wanted(&[("gateway.networking.k8s.io", "HTTPRoute")]), None);
        let read = recorded(Some(&written));
        assert_eq!(read, [("HTTPRoute".to_owned(), "gateway.networking.k8s.io".to_owned())]);
    }
}
