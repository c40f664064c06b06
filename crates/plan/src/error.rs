//! Why resources cannot be planned.

use std::fmt;

use stackctl_model::{Origin, ResourceId};

/// Why resources cannot be planned.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// Resources need each other in a circle.
    #[error("these need each other in a circle, so none can come first: {}", Circle(.path))]
    Cycle {
        /// Each needs the one after it, the last needs the first; with the lines that ask for them.
        path: Vec<(ResourceId, Origin)>,
    },
    /// Two resources have the same id.
    #[error("{id} is declared twice, at {first} and at {second}")]
    Duplicate {
        /// The id.
        id: ResourceId,
        /// Where first.
        first: Origin,
        /// Where again.
        second: Origin,
    },
    /// A resource needs another that is not part of the stack.
    #[error("{origin}: {id} needs {needs}, which is not part of this stack")]
    Dangling {
        /// Who needs it.
        id: ResourceId,
        /// What is missing.
        needs: ResourceId,
        /// The line that asks for it.
        origin: Origin,
    },
    /// A pattern of `--only` or `--except` names nothing.
    #[error("{pattern} matches nothing in this stack{}", Suggestion(.suggestion))]
    UnknownId {
        /// The pattern as it was written.
        pattern: String,
        /// What was probably meant.
        suggestion: Option<String>,
    },
}

struct Circle<'a>(&'a [(ResourceId, Origin)]);

impl fmt::Display for Circle<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (id, origin) in self.0 {
            write!(f, "{id} ({origin}) → ")?;
        }
        self.0.first().map_or(Ok(()), |(id, _)| write!(f, "{id}"))
    }
}

struct Suggestion<'a>(&'a Option<String>);

impl fmt::Display for Suggestion<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.as_ref().map_or(Ok(()), |meant| write!(f, "; did you mean {meant}?"))
    }
}
