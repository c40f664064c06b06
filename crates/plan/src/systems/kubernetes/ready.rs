//! Whether a live object has become what was asked for: rollouts complete, claims bound, routes
//! accepted. Goes in: an object as the server returns it; comes out: ready, or what is missing in words.

use serde_json::Value;

/// How far an object is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Readiness {
    /// Usable.
    Ready,
    /// Not yet; what is missing, as part of a sentence.
    Missing(String),
    /// It will not become ready by itself; why.
    Failed(String),
}

/// When the class of a claim binds it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ClaimBinding {
    /// At once: a claim is ready when it is bound.
    #[default]
    Immediate,
    /// When a pod first uses it: a pending claim is as ready as it gets.
    WaitForFirstConsumer,
}

/// How far an object is. `binding` matters to claims only.
pub fn readiness(object: &Value, binding: ClaimBinding) -> Readiness {
    let (spec, status) = (&object["spec"], &object["status"]);
    match object["kind"].as_str().unwrap_or_default() {
        "Deployment" | "StatefulSet" => rollout(object, spec["replicas"].as_i64().unwrap_or(1)),
        "DaemonSet" => rollout(object, status["desiredNumberScheduled"].as_i64().unwrap_or(0)),
        "PersistentVolumeClaim" => match (status["phase"].as_str().unwrap_or("Pending"), binding) {
            ("Bound", _) | ("Pending", ClaimBinding::WaitForFirstConsumer) => Readiness::Ready,
            ("Lost", _) => Readiness::Failed("its volume is lost".to_owned()),
            _ => Readiness::Missing("it is not bound to a volume yet".to_owned()),
        },
        "Gateway" => {
            conditions(object, &object["status"]["conditions"], &["Accepted", "Programmed"])
        }
        "GatewayClass" => conditions(object, &object["status"]["conditions"], &["Accepted"]),
        "CustomResourceDefinition" => condition(&status["conditions"], "Established"),
        "Certificate" => condition(&status["conditions"], "Ready"),
        "HTTPRoute" => route(object),
        "Job" => match condition(&status["conditions"], "Failed") {
            Readiness::Ready => Readiness::Failed("the job failed".to_owned()),
            Readiness::Missing(_) | Readiness::Failed(_) => {
                condition(&status["conditions"], "Complete")
            }
        },
        "Service"
            if spec["type"] == "LoadBalancer" && status["loadBalancer"]["ingress"][0].is_null() =>
        {
            Readiness::Missing("it has no address yet".to_owned())
        }
        _ => Readiness::Ready,
    }
}

fn rollout(object: &Value, wanted: i64) -> Readiness {
    let status = &object["status"];
    let number = |name: &str| status[name].as_i64().unwrap_or(0);
    if number("observedGeneration") < object["metadata"]["generation"].as_i64().unwrap_or(0) {
        return Readiness::Missing("its controller has not seen it yet".to_owned());
    }
    let (updated, ready) = if object["kind"] == "DaemonSet" {
        (number("updatedNumberScheduled"), number("numberAvailable"))
    } else {
        (number("updatedReplicas"), number("availableReplicas"))
    };
    if updated >= wanted && ready >= wanted {
        return Readiness::Ready;
    }
    Readiness::Missing(format!("{} of {wanted} pods are ready", ready.min(updated)))
}

fn conditions(object: &Value, list: &Value, names: &[&str]) -> Readiness {
    let generation = object["metadata"]["generation"].as_i64().unwrap_or(0);
    for name in names {
        let found = list.as_array().into_iter().flatten().find(|one| one["type"] == **name);
        let Some(found) = found else { return Readiness::Missing(format!("it is not {name} yet")) };
        if found["observedGeneration"].as_i64().unwrap_or(generation) < generation
            || found["status"] != "True"
        {
            let why = found["message"].as_str().or(found["reason"].as_str()).unwrap_or_default();
            return Readiness::Missing(format!("it is not {name} yet: {why}"));
        }
    }
    Readiness::Ready
}

fn condition(list: &Value, name: &str) -> Readiness {
    conditions(&Value::Null, list, &[name])
}

fn route(object: &Value) -> Readiness {
    let parents = object["status"]["parents"].as_array().map(Vec::as_slice).unwrap_or_default();
    if parents.is_empty() {
        return Readiness::Missing("no gateway has taken it yet".to_owned());
    }
    for parent in parents {
        match conditions(object, &parent["conditions"], &["Accepted", "ResolvedRefs"]) {
            Readiness::Ready => {}
            other => return other,
        }
    }
    Readiness::Ready
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_rollout_is_ready_when_this_generation_is() {
        let mut object = json!({"kind": "Deployment", "metadata": {"generation": 2}, "spec": {"replicas": 1},
            "status": {"observedGeneration": 1, "updatedReplicas": 1, "availableReplicas": 1}});
        assert!(matches!(readiness(&object, ClaimBinding::Immediate), Readiness::Missing(_)));
        object["status"]["observedGeneration"] = json!(2);
        assert_eq!(readiness(&object, ClaimBinding::Immediate), Readiness::Ready);
    }
}
