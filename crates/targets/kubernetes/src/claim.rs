//! When a claim's class binds it: a claim that waits for its first pod is as ready as it gets.

use serde_json::Value;
use stackctl_engine::TargetError;
use stackctl_plan::kubernetes::kinds::{Beside, ClaimBinding, ReadinessContext};

use crate::Kubernetes;
use crate::error::Doing;
use crate::request::escaped;

/// The annotations of a class that claims without a class get.
const DEFAULT: &str = "storageclass.kubernetes.io/is-default-class";

const CLASSES: &str = "/apis/storage.k8s.io/v1/storageclasses";

impl Kubernetes {
    /// What an object's readiness depends on that it does not say itself.
    pub(crate) async fn readiness_context(
        &self,
        beside: Beside,
        object: &Value,
    ) -> Result<ReadinessContext, TargetError> {
        match beside {
            Beside::StorageClass => Ok(ReadinessContext { binding: self.binding(object).await? }),
            Beside::Nothing | Beside::Gateways => Ok(ReadinessContext::default()),
        }
    }

    /// When a claim's class binds it. Asked once per class.
    async fn binding(&self, claim: &Value) -> Result<ClaimBinding, TargetError> {
        let class = claim["spec"]["storageClassName"].as_str();
        if class == Some("") {
            // Bound by hand, to a volume that is there.
            return Ok(ClaimBinding::Immediate);
        }
        let name = class.unwrap_or_default();
        let mut classes = self.classes.lock().await;
        if let Some(binding) = classes.get(name) {
            return Ok(*binding);
        }
        let found = match class {
            Some(class) => self.api.find(&format!("{CLASSES}/{}", escaped(class))).await,
            None => self.api.get(CLASSES).await.map(|list: Value| default_class(&list)),
        };
        let what = format!("storageclass/{name}");
        let found = found.map_err(|failure| failure.into_error(Doing::Waiting(&what)))?;
        let binding = match found {
            Some(class) if class["volumeBindingMode"] == "WaitForFirstConsumer" => {
                ClaimBinding::WaitForFirstConsumer
            }
            Some(_) | None => ClaimBinding::Immediate,
        };
        classes.insert(name.to_owned(), binding);
        Ok(binding)
    }
}

fn default_class(list: &Value) -> Option<Value> {
    let classes = list["items"].as_array().into_iter().flatten();
    let mut default = classes.filter(|class| class["metadata"]["annotations"][DEFAULT] == "true");
    default.next().cloned()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_default_class_is_the_one_that_says_so() {
        let list = json!({"items": [
            {"metadata": {"name": "a"}},
            {"metadata": {"name": "b", "annotations": {DEFAULT: "true"}}},
        ]});
        assert_eq!(default_class(&list).unwrap()["metadata"]["name"], "b");
        assert_eq!(default_class(&json!({})), None);
    }
}
