//! Fields that cannot be changed: their objects are replaced.

use serde_json::Value;
use stackctl_model::Change;

use super::compare::changes;
use super::kinds::rules_of_object;
use super::owned::Owners;

/// Why the server would not take this write, when it touches what cannot be changed.
pub fn immutable_violation(live: &Value, desired: &Value) -> Option<String> {
    let immutable = rules_of_object(desired).immutable;
    let touched: Vec<Change> = changes(live, desired, &Owners::of(live))
        .into_iter()
        .filter(|change| immutable.has(&change.path))
        .collect();
    let paths: Vec<String> = touched.iter().map(|change| change.path.to_string()).collect();
    (!paths.is_empty()).then(|| format!("{}: field is immutable", paths.join(", ")))
}
