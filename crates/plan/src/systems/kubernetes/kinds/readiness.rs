//! How far an object is, and the conditions that most kinds say it with.

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

/// What readiness depends on that the object itself does not say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReadinessContext {
    /// When the class of a claim binds it.
    pub binding: ClaimBinding,
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

/// Ready when each of these conditions of a list holds for this generation of the object.
pub(super) fn conditions(object: &Value, list: &Value, names: &[&str]) -> Readiness {
    let generation = object["metadata"]["generation"].as_i64().unwrap_or(0);
    for name in names {
        let Some(found) = condition(list, name) else {
            return Readiness::Missing(format!("it is not {name} yet"));
        };
        if found["observedGeneration"].as_i64().unwrap_or(generation) < generation
            || found["status"] != "True"
        {
            let why = found["message"].as_str().or(found["reason"].as_str()).unwrap_or_default();
            return Readiness::Missing(match why {
                "" => format!("it is not {name} yet"),
                why => format!("it is not {name} yet: {why}"),
            });
        }
    }
    Readiness::Ready
}

/// A condition of a list.
pub(super) fn condition<'a>(list: &'a Value, name: &str) -> Option<&'a Value> {
    list.as_array()?.iter().find(|one| one["type"] == name)
}

/// Whether a condition of a list holds.
pub(super) fn holds(list: &Value, name: &str) -> bool {
    condition(list, name).is_some_and(|found| found["status"] == "True")
}

/// Whether the controller has yet to look at what was written last.
pub(super) fn is_unseen(object: &Value) -> bool {
    let observed = object["status"]["observedGeneration"].as_i64().unwrap_or(0);
    observed < object["metadata"]["generation"].as_i64().unwrap_or(0)
}

pub(super) fn unseen() -> Readiness {
    Readiness::Missing("its controller has not seen it yet".to_owned())
}

/// Ready when the condition `Ready` holds.
pub(super) fn ready_condition(object: &Value, _: ReadinessContext) -> Readiness {
    conditions(object, &object["status"]["conditions"], &["Ready"])
}
