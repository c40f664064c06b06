//! Why an object does not become ready, from its pods and its events. Asked only when nothing happens.

use serde_json::Value;
use stackctl_model::ObjectId;

use crate::Kubernetes;
use crate::hub::Sighting;
use crate::request::escaped;

/// Waiting reasons that every start of a pod goes through.
const USUAL: &[&str] = &["ContainerCreating", "PodInitializing"];

/// Pods of a workload that are looked at.
const PODS: usize = 20;

/// Longer causes are cut.
const LENGTH: usize = 200;

impl Kubernetes {
    /// Why, in words; none where nothing is known, or may be read.
    pub(crate) async fn cause(&self, id: &ObjectId, sighting: &Sighting) -> Option<String> {
        let namespace = id.namespace.as_deref()?;
        if let Sighting::Present(object) = sighting
            && let Some(selector) = selector(object)
        {
            let path = format!(
                "/api/v1/namespaces/{}/pods?limit={PODS}&labelSelector={}",
                escaped(namespace),
                escaped(&selector)
            );
            let pods: Value = self.api.get(&path).await.ok()?;
            let pods = pods["items"].as_array().map(Vec::as_slice).unwrap_or_default();
            if let Some(cause) = pods.iter().find_map(of_pod) {
                return Some(cut(&cause));
            }
        }
        let selector =
            format!("involvedObject.kind={},involvedObject.name={},type=Warning", id.kind, id.name);
        let path = format!(
            "/api/v1/namespaces/{}/events?fieldSelector={}",
            escaped(namespace),
            escaped(&selector)
        );
        let events: Value = self.api.get(&path).await.ok()?;
        of_events(&events).map(|cause| cut(&cause))
    }
}

/// The labels of a workload's pods.
fn selector(object: &Value) -> Option<String> {
    let labels = object["spec"]["selector"]["matchLabels"].as_object()?;
    let labels: Vec<String> = labels
        .iter()
        .filter_map(|(key, value)| Some(format!("{key}={}", value.as_str()?)))
        .collect();
    (!labels.is_empty()).then(|| labels.join(","))
}

fn of_pod(pod: &Value) -> Option<String> {
    let conditions = pod["status"]["conditions"].as_array().into_iter().flatten();
    let unscheduled = conditions
        .filter(|one| one["type"] == "PodScheduled" && one["status"] == "False")
        .find_map(|one| one["message"].as_str());
    if let Some(message) = unscheduled {
        return Some(message.to_owned());
    }
    ["initContainerStatuses", "containerStatuses"]
        .iter()
        .flat_map(|list| pod["status"][list].as_array().into_iter().flatten())
        .find_map(of_container)
}

fn of_container(container: &Value) -> Option<String> {
    let waiting = &container["state"]["waiting"];
    let reason = waiting["reason"].as_str().filter(|reason| !USUAL.contains(reason))?;
    let name = container["name"].as_str().unwrap_or_default();
    let ended = container["lastState"]["terminated"]["exitCode"].as_i64();
    Some(match (waiting["message"].as_str(), ended) {
        (_, Some(code)) => format!("container {name}: {reason}, it ended with {code}"),
        (Some(message), None) => format!("container {name}: {reason}, {message}"),
        (None, None) => format!("container {name}: {reason}"),
    })
}

/// The newest warning.
fn of_events(events: &Value) -> Option<String> {
    let time = |event: &Value| -> String {
        let times = [&event["lastTimestamp"], &event["eventTime"], &event["firstTimestamp"]];
        times.iter().find_map(|time| time.as_str()).unwrap_or_default().to_owned()
    };
    let newest = events["items"].as_array()?.iter().max_by_key(|event| time(event))?;
    let reason = newest["reason"].as_str().unwrap_or("Warning");
    Some(match newest["message"].as_str().map(str::trim) {
        Some(message) if !message.is_empty() => format!("{reason}, {message}"),
        _ => reason.to_owned(),
    })
}

/// One line of bearable length.
fn cut(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= LENGTH {
        return line;
    }
    let mut short: String = line.chars().take(LENGTH).collect();
    short.push('…');
    short
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_container_that_cannot_be_pulled_says_so() {
        let pod = json!({"status": {"containerStatuses": [{"name": "jellyfin", "state": {"waiting":
            {"reason": "ImagePullBackOff", "message": "Back-off pulling image \"x:y\""}}}]}});
        assert_eq!(
            of_pod(&pod).unwrap(),
            "container jellyfin: ImagePullBackOff, Back-off pulling image \"x:y\""
        );
    }

    #[test]
    fn a_container_that_just_starts_is_no_cause() {
        let pod = json!({"status": {"containerStatuses": [
            {"name": "jellyfin", "state": {"waiting": {"reason": "ContainerCreating"}}}]}});
        assert_eq!(of_pod(&pod), None);
    }

    #[test]
    fn a_container_that_crashes_says_with_what() {
        let pod = json!({"status": {"containerStatuses": [{"name": "sonarr",
            "state": {"waiting": {"reason": "CrashLoopBackOff", "message": "back-off 10s"}},
            "lastState": {"terminated": {"exitCode": 139}}}]}});
        assert_eq!(of_pod(&pod).unwrap(), "container sonarr: CrashLoopBackOff, it ended with 139");
    }

    #[test]
    fn a_pod_without_a_node_says_why() {
        let pod = json!({"status": {"conditions": [{"type": "PodScheduled", "status": "False",
            "reason": "Unschedulable", "message": "0/3 nodes are available: 3 Insufficient cpu."}]}});
        assert_eq!(of_pod(&pod).unwrap(), "0/3 nodes are available: 3 Insufficient cpu.");
    }

    #[test]
    fn the_newest_warning_is_told() {
        let events = json!({"items": [
            {"reason": "Old", "message": "x", "lastTimestamp": "2026-11-25T05:00:00Z"},
            {"reason": "ProvisioningFailed", "message": "no class\n", "lastTimestamp": "2026-11-25T06:00:00Z"},
        ]});
        assert_eq!(of_events(&events).unwrap(), "ProvisioningFailed, no class");
        assert_eq!(of_events(&json!({"items": []})), None);
    }

    #[test]
    fn a_long_cause_is_cut() {
        assert_eq!(cut(&"x ".repeat(500)).chars().count(), LENGTH + 1);
    }
}
