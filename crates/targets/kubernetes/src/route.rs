//! Whether a route that its gateway accepts is attached to a listener. A route whose host names no
//! listener takes is accepted all the same; only the listener's count tells.

use std::time::Duration;

use serde_json::Value;
use stackctl_engine::TargetError;
use stackctl_model::{ObjectId, kind_of_group};
use stackctl_plan::kubernetes::kinds::Readiness;

use crate::Kubernetes;
use crate::hub::Sighting;
use crate::kind::Kind;

const GROUP: &str = "gateway.networking.k8s.io";

/// How long a gateway's count may lag behind its routes before that is said.
const LAG: Duration = Duration::from_secs(2);

/// A listener that a route asks for.
#[derive(Debug, PartialEq, Eq)]
struct Parent<'a> {
    namespace: &'a str,
    gateway: &'a str,
    section: Option<&'a str>,
}

impl Kubernetes {
    /// Whether each gateway of a route has taken it.
    pub(crate) async fn attachment(
        &self,
        id: &ObjectId,
        route: &Value,
    ) -> Result<Readiness, TargetError> {
        let known = kind_of_group(GROUP, "Gateway").and_then(Kind::known);
        let Some(kind) = known else { return Ok(Readiness::Ready) };
        for parent in parents(route, id.namespace.as_deref().unwrap_or_default()) {
            let scope = (Some(parent.namespace), None);
            let watch = self.hub.watch(self.api.client(), &kind, scope);
            let mut seen = watch.follow(Some(parent.namespace), parent.gateway);
            let attached = async {
                loop {
                    if let Sighting::Present(gateway) = &*seen.borrow_and_update()
                        && is_attached(gateway, parent.section)
                    {
                        return;
                    }
                    if seen.changed().await.is_err() {
                        return;
                    }
                }
            };
            // The wait for the route itself goes on when this one ends.
            if tokio::time::timeout(LAG, attached).await.is_err() {
                return Ok(Readiness::Missing(format!(
                    "no listener of gateway/{}/{} takes its host names",
                    parent.namespace, parent.gateway
                )));
            }
        }
        Ok(Readiness::Ready)
    }
}

fn parents<'a>(route: &'a Value, namespace: &'a str) -> Vec<Parent<'a>> {
    let parents = route["spec"]["parentRefs"].as_array().map(Vec::as_slice).unwrap_or_default();
    let is_gateway = |parent: &&Value| {
        parent["kind"].as_str().unwrap_or("Gateway") == "Gateway"
            && parent["group"].as_str().unwrap_or(GROUP) == GROUP
    };
    parents
        .iter()
        .filter(is_gateway)
        .filter_map(|parent| {
            Some(Parent {
                namespace: parent["namespace"].as_str().unwrap_or(namespace),
                gateway: parent["name"].as_str()?,
                section: parent["sectionName"].as_str(),
            })
        })
        .collect()
}

fn is_attached(gateway: &Value, section: Option<&str>) -> bool {
    let listeners = gateway["status"]["listeners"].as_array().into_iter().flatten();
    listeners
        .filter(|listener| section.is_none_or(|section| listener["name"] == section))
        .any(|listener| listener["attachedRoutes"].as_i64().unwrap_or(0) > 0)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_section_counts_alone() {
        let gateway = json!({"status": {"listeners": [
            {"name": "http", "attachedRoutes": 0}, {"name": "https", "attachedRoutes": 2}]}});
        assert!(is_attached(&gateway, None));
        assert!(is_attached(&gateway, Some("https")));
        assert!(!is_attached(&gateway, Some("http")));
        assert!(!is_attached(&json!({}), None));
    }

    #[test]
    fn a_parent_is_a_gateway_in_the_routes_namespace_unless_it_says_otherwise() {
        let route = json!({"spec": {"parentRefs": [
            {"name": "external"},
            {"name": "shared", "namespace": "network", "sectionName": "https"},
            {"name": "mesh", "kind": "Service", "group": ""},
        ]}});
        let parent = |namespace, gateway, section| Parent { namespace, gateway, section };
        assert_eq!(
            parents(&route, "media"),
            [parent("media", "external", None), parent("network", "shared", Some("https"))]
        );
    }
}
