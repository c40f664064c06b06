//! The stack's own record: the parent of its `ApplySet`, a `ConfigMap` that names the kinds it has ever
//! written, so that what leaves the file is found.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use stackctl_engine::TargetError;
use stackctl_model::{Desired, GroupKind, Record};
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

fn path(stack: &StackMark) -> String {
    let (namespace, name) = (escaped(&stack.namespace), escaped(&stack.parent()));
    format!("/api/v1/namespaces/{namespace}/configmaps/{name}")
}

/// What a record says; nothing where there is none.
pub(crate) fn read(record: Option<&Value>) -> Record {
    let annotation = |name: &str| record?["metadata"]["annotations"][name].as_str();
    let group_kind = |name: String| {
        let (kind, group) = name.split_once('.').unwrap_or((name.as_str(), ""));
        GroupKind { group: group.to_owned(), kind: kind.to_owned() }
    };
    let machines = annotation(MACHINES).and_then(|text| serde_json::from_str(text).ok());
    Record {
        generation: annotation(GENERATION).and_then(|text| text.parse().ok()).unwrap_or_default(),
        kinds: listed(record, KINDS).into_iter().map(group_kind).collect(),
        namespaces: listed(record, NAMESPACES),
        machines: machines.unwrap_or_default(),
    }
}

fn listed(record: Option<&Value>, annotation: &str) -> BTreeSet<String> {
    let text = record
        .and_then(|record| record["metadata"]["annotations"][annotation].as_str())
        .unwrap_or_default();
    text.split(',').map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

impl Kubernetes {
    /// The record as it is, if there is one.
    pub(crate) async fn find_record(
        &self,
        stack: &StackMark,
    ) -> Result<Option<Value>, TargetError> {
        let found = self.api.find(&path(stack)).await;
        found.map_err(|failure| failure.into_error(Doing::Looking(WHAT)))
    }

    /// Makes the record name all kinds, and this apply, before the first of them is written.
    pub(crate) async fn keep_record(
        &self,
        stack: &StackMark,
        record: &Record,
    ) -> Result<(), TargetError> {
        let live = self.memory.record();
        let desired = written(stack, record, live.as_ref());
        let written = self.write_record(stack, &desired).await;
        written.map_err(|failure| failure.into_error(Doing::Waiting(WHAT)))
    }

    async fn write_record(&self, stack: &StackMark, desired: &Value) -> Result<(), Failure> {
        self.api.apply(&path(stack), Mode::Write, desired).await.map(drop)
    }

    /// Makes the stack's own namespace, as the stack declares it.
    pub(crate) async fn make_namespace(
        &self,
        stack: &StackMark,
        namespace: Option<&Desired>,
    ) -> Result<(), TargetError> {
        let name = &stack.namespace;
        let Some(Desired::Object(namespace)) = namespace else {
            return Err(TargetError::Refused {
                message: format!("namespace {name} does not exist, and the stack does not make it"),
                hint: Some(format!("make it (kubectl create namespace {name}), or declare it")),
            });
        };
        let path = format!("/api/v1/namespaces/{}", escaped(name));
        let outcome = self.api.apply(&path, Mode::Write, &namespace.value).await;
        let what = format!("namespace {name}");
        outcome.map(drop).map_err(|failure| failure.into_error(Doing::Waiting(&what)))
    }
}

fn written(stack: &StackMark, record: &Record, live: Option<&Value>) -> Value {
    let mut kinds = listed(live, KINDS);
    kinds.extend(record.kinds.iter().map(|kind| {
        if kind.group.is_empty() {
            kind.kind.clone()
        } else {
            format!("{}.{}", kind.kind, kind.group)
        }
    }));
    let mut namespaces = listed(live, NAMESPACES);
    namespaces.extend(record.namespaces.iter().filter(|name| **name != stack.namespace).cloned());
    let joined = |names: BTreeSet<String>| names.into_iter().collect::<Vec<_>>().join(",");
    json!({
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {
            "name": stack.parent(),
            "namespace": stack.namespace,
            "labels": {APPLYSET_ID: stack.value(), "app.kubernetes.io/managed-by": "stackctl"},
            "annotations": {
                KINDS: joined(kinds),
                NAMESPACES: joined(namespaces),
                MACHINES: json!(record.machines).to_string(),
                GENERATION: record.generation.to_string(),
                TOOLING: concat!("stackctl/v", env!("CARGO_PKG_VERSION")),
            },
        },
    })
}

#[cfg(test)]
mod tests {
    use stackctl_model::Reach;

    use super::*;

    fn stack() -> StackMark {
        StackMark { name: "home".into(), namespace: "media".into() }
    }

    fn record(kinds: &[(&str, &str)], generation: u64) -> Record {
        let kinds = kinds.iter().map(|(group, kind)| GroupKind {
            group: (*group).to_owned(),
            kind: (*kind).to_owned(),
        });
        Record {
            generation,
            kinds: kinds.collect(),
            namespaces: ["media".to_owned(), "downloads".to_owned()].into(),
            machines: [("nuc".to_owned(), Reach::default())].into(),
        }
    }

    #[test]
    fn a_record_only_grows() {
        let first = written(&stack(), &record(&[("apps", "Deployment"), ("", "Service")], 1), None);
        assert_eq!(first["metadata"]["annotations"][KINDS], "Deployment.apps,Service");
        assert_eq!(first["metadata"]["annotations"][NAMESPACES], "downloads");
        let second = written(&stack(), &record(&[("", "ConfigMap")], 2), Some(&first));
        assert_eq!(second["metadata"]["annotations"][KINDS], "ConfigMap,Deployment.apps,Service");
        assert_eq!((read(None).generation, read(Some(&second)).generation), (0, 2));
    }

    #[test]
    fn what_is_written_is_read_back() {
        let record = record(&[("gateway.networking.k8s.io", "HTTPRoute"), ("", "Service")], 3);
        let read = read(Some(&written(&stack(), &record, None)));
        // Its own namespace is where the record is.
        let namespaces = ["downloads".to_owned()].into();
        assert_eq!(read, Record { namespaces, ..record });
    }
}
