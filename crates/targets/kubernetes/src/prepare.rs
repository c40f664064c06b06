//! The stack's own record: the parent of its `ApplySet`, a `ConfigMap` that names the kinds it has ever
//! written, so that what leaves the file is found.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use stackctl_engine::{Observation, TargetError};
use stackctl_model::Desired;
use stackctl_plan::{APPLYSET_ID, StackMark};

use crate::Kubernetes;
use crate::error::classify;
use crate::request::{apply, escaped, get};

/// Annotation with the kinds of members: `Deployment.apps,Service`.
pub(crate) const KINDS: &str = "applyset.kubernetes.io/contains-group-kinds";
/// Annotation with the namespaces of members besides the parent's.
const NAMESPACES: &str = "applyset.kubernetes.io/additional-namespaces";
/// Annotation with who keeps the set.
const TOOLING: &str = "applyset.kubernetes.io/tooling";

fn mark(wanted: &Observation) -> StackMark {
    StackMark { name: wanted.stack.clone(), namespace: wanted.namespace.clone() }
}

fn path(wanted: &Observation) -> String {
    let (namespace, name) = (escaped(&wanted.namespace), escaped(&mark(wanted).parent()));
    format!("/api/v1/namespaces/{namespace}/configmaps/{name}")
}

impl Kubernetes {
    /// The record as it is, if there is one.
    pub(crate) async fn record(&self, wanted: &Observation) -> Result<Option<Value>, TargetError> {
        match get(&self.client, &path(wanted)).await {
            Ok(record) => Ok(Some(record)),
            Err(kube::Error::Api(status)) if status.code == 404 => Ok(None),
            Err(error) => Err(classify(error, "the stack's record")),
        }
    }

    /// Makes the record name all kinds before the first of them is written.
    pub(crate) async fn keep_record(
        &self,
        wanted: &Observation,
        namespace: Option<&Desired>,
    ) -> Result<(), TargetError> {
        let live = self.record(wanted).await?;
        let desired = record(wanted, live.as_ref());
        let differs = live.as_ref().is_none_or(|live| {
            live["metadata"]["annotations"][KINDS] != desired["metadata"]["annotations"][KINDS]
                || live["metadata"]["annotations"][NAMESPACES]
                    != desired["metadata"]["annotations"][NAMESPACES]
        });
        if !differs {
            return Ok(());
        }
        match apply(&self.client, &path(wanted), false, &desired).await {
            Err(kube::Error::Api(status)) if status.code == 404 => {}
            outcome => {
                return outcome.map(drop).map_err(|error| classify(error, "the stack's record"));
            }
        }
        self.make_namespace(wanted, namespace).await?;
        let outcome = apply(&self.client, &path(wanted), false, &desired).await;
        outcome.map(drop).map_err(|error| classify(error, "the stack's record"))
    }

    async fn make_namespace(
        &self,
        wanted: &Observation,
        namespace: Option<&Desired>,
    ) -> Result<(), TargetError> {
        let what = format!("namespace {}", wanted.namespace);
        let Some(Desired::Object(namespace)) = namespace else {
            return Err(TargetError::Refused {
                message: format!("{what} does not exist and is not part of the stack"),
                hint: None,
            });
        };
        let path = format!("/api/v1/namespaces/{}", escaped(&wanted.namespace));
        apply(&self.client, &path, false, &namespace.value)
            .await
            .map(drop)
            .map_err(|error| classify(error, &what))
    }
}

fn record(wanted: &Observation, live: Option<&Value>) -> Value {
    let listed = |name: &str| -> BTreeSet<String> {
        let text = live
            .and_then(|live| live["metadata"]["annotations"][name].as_str())
            .unwrap_or_default();
        text.split(',').filter(|part| !part.is_empty()).map(str::to_owned).collect()
    };
    let mut kinds = listed(KINDS);
    kinds.extend(wanted.kinds.iter().map(|kind| {
        if kind.group.is_empty() {
            kind.kind.clone()
        } else {
            format!("{}.{}", kind.kind, kind.group)
        }
    }));
    let mut namespaces = listed(NAMESPACES);
    namespaces.extend(wanted.namespaces.iter().filter(|name| **name != wanted.namespace).cloned());
    let joined = |names: BTreeSet<String>| names.into_iter().collect::<Vec<_>>().join(",");
    json!({
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {
            "name": mark(wanted).parent(),
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
