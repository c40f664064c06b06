//! Whose a field is when two want it.

use crate::IdPattern;
use crate::id::glob;

/// What to do about a field that another manager has written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldPolicy {
    /// It is left to the other.
    Yield,
    /// It is written all the same; the plan names the other first.
    Take,
    /// Nothing of the object is written.
    Fail,
}

/// A policy for some fields of some objects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldRule {
    /// What to do.
    pub policy: FieldPolicy,
    /// Path as plans print it, perhaps with `*`; what is below it is meant too.
    pub path: String,
    /// Which objects; none for all.
    pub on: Option<IdPattern>,
}

impl FieldRule {
    /// Whether a field, as plans print it, is meant.
    pub fn matches(&self, path: &str) -> bool {
        let below = [format!("{}.*", self.path), format!("{}[*", self.path)];
        glob(self.path.as_bytes(), path.as_bytes())
            || below.iter().any(|pattern| glob(pattern.as_bytes(), path.as_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_means_what_is_below_it_too() {
        let rule =
            |path: &str| FieldRule { policy: FieldPolicy::Take, path: path.into(), on: None };
        assert!(rule("spec.replicas").matches("spec.replicas"));
        assert!(
            rule("spec").matches("spec.replicas") && rule("spec.ports").matches("spec.ports[80]")
        );
        assert!(rule("data.*").matches("data.a") && rule("*").matches("spec"));
        assert!(!rule("spec.rep").matches("spec.replicas"));
    }
}
