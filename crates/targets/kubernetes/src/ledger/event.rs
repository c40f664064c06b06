//! Tells those who watch the cluster's events.

use jiff::Timestamp;
use serde_json::json;
use stackctl_engine::{Observation, TargetError};
use stackctl_model::{Generation, GenerationOutcome};

use crate::Kubernetes;
use crate::error::Doing;
use crate::prepare::parent;
use crate::request::escaped;

impl Kubernetes {
    /// One event about the stack's record.
    pub(crate) async fn tell_event(
        &self,
        wanted: &Observation,
        generation: &Generation,
    ) -> Result<(), TargetError> {
        let namespace = escaped(&wanted.namespace);
        let path = format!("/apis/events.k8s.io/v1/namespaces/{namespace}/events");
        let (kind, reason) = match generation.outcome {
            GenerationOutcome::Done => ("Normal", "Applied"),
            GenerationOutcome::Partly => ("Warning", "PartlyApplied"),
            GenerationOutcome::Stopped | GenerationOutcome::Unfinished => ("Warning", "Stopped"),
        };
        let event = json!({
            "apiVersion": "events.k8s.io/v1", "kind": "Event",
            "metadata": {"generateName": format!("{}-", parent(wanted)), "namespace": wanted.namespace},
            "eventTime": format!("{:.6}", Timestamp::now()),
            "type": kind, "reason": reason, "action": "Apply",
            "note": format!("generation {} of stack {} by {}: {}", generation.number, wanted.stack,
                            generation.holder, generation.report),
            "regarding": {"apiVersion": "v1", "kind": "ConfigMap", "name": parent(wanted),
                          "namespace": wanted.namespace},
            "reportingController": "stackctl.io/stackctl",
            "reportingInstance": if generation.holder.who.is_empty() { "stackctl" } else { &generation.holder.who },
        });
        let told = self.api.create(&path, &event).await;
        told.map(drop).map_err(|failure| failure.told(Doing::Waiting("the event")))
    }
}
