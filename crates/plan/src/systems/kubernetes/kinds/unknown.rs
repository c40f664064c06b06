//! A kind that is in no row. Whether it holds data is unknown, so it is kept until it is named; whether it
//! is ready is guessed from the conditions that most kinds have.

use serde_json::Value;

use super::readiness::{Readiness, ReadinessContext, condition, conditions, unseen};
use super::rules::{Data, Holding, KindRules, Waiting};

/// Said with what is only guessed.
const GUESS: &str = "a guess: stackctl does not know this kind";

/// What is assumed of it.
pub(super) const RULES: KindRules = KindRules {
    data: Data::Always(Holding::Unknown),
    readiness: Waiting::until(usual),
    ..KindRules::plain("*", "*")
};

/// By `observedGeneration`, `Ready` and `Available`, where the object has any of these.
fn usual(object: &Value, _: ReadinessContext) -> Readiness {
    let list = &object["status"]["conditions"];
    let names: Vec<&str> =
        ["Ready", "Available"].into_iter().filter(|name| condition(list, name).is_some()).collect();
    let observed = object["status"]["observedGeneration"].as_i64();
    let generation = object["metadata"]["generation"].as_i64();
    let is_behind = observed.is_some_and(|seen| generation.is_some_and(|now| seen < now));
    let found = if is_behind { unseen() } else { conditions(object, list, &names) };
    match found {
        Readiness::Missing(words) => Readiness::Missing(format!("{words} ({GUESS})")),
        Readiness::Ready | Readiness::Failed(_) => found,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn judged(status: &Value) -> Readiness {
        let object = json!({"metadata": {"generation": 2}, "status": status});
        usual(&object, ReadinessContext::default())
    }

    #[test]
    fn what_says_nothing_is_ready() {
        assert_eq!(judged(&json!({})), Readiness::Ready);
        let other = json!({"conditions": [{"type": "Synced", "status": "False"}]});
        assert_eq!(judged(&other), Readiness::Ready);
    }

    #[test]
    fn the_usual_conditions_are_believed_and_called_a_guess() {
        let status = |ready: &str| json!({"conditions": [{"type": "Ready", "status": ready}]});
        assert_eq!(judged(&status("True")), Readiness::Ready);
        let missing = "it is not Ready yet (a guess: stackctl does not know this kind)".to_owned();
        assert_eq!(judged(&status("False")), Readiness::Missing(missing));
        let behind = judged(&json!({"observedGeneration": 1}));
        assert!(matches!(behind, Readiness::Missing(words) if words.contains("has not seen")));
    }
}
