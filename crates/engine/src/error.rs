//! Why a plan could not be made or a run could not begin.

use std::fmt;

use stackctl_model::{FailureClass, ResourceId};
use stackctl_plan::PlanError;

use crate::TargetError;
use crate::secrets::SecretError;

/// Why a plan could not be made or a run could not begin. No resource was changed.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The resources cannot be planned.
    #[error(transparent)]
    Plan(Box<PlanError>),
    /// The target could not be looked at.
    #[error("the target cannot be observed; nothing was changed")]
    Observe(#[source] TargetError),
    /// The target could not be asked what writes would come to.
    #[error("the target cannot preview the changes; nothing was changed")]
    Preview(#[source] TargetError),
    /// Secrets that are needed cannot be read.
    #[error("{}; nothing was changed", Secrets(.secrets))]
    Secrets {
        /// Whose, the key under `data`, and why.
        secrets: Vec<(ResourceId, String, SecretError)>,
    },
    /// Another apply ran since the plan was made.
    #[error(
        "another apply of this stack ran since the plan was made (generation {last}, planned after {planned}); \
         nothing was changed"
    )]
    Overtaken {
        /// The last apply that the plan knew of.
        planned: u64,
        /// The last apply.
        last: u64,
    },
    /// The target's lock could not be had, or the stack's own record not be written.
    #[error("the target cannot be prepared; no resource was changed")]
    Prepare(#[source] TargetError),
}

struct Secrets<'a>(&'a [(ResourceId, String, SecretError)]);

impl fmt::Display for Secrets<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, (id, key, error)) in self.0.iter().enumerate() {
            let between = if place == 0 { "" } else { "; " };
            write!(f, "{between}{id} needs a value for {key}, but {error}")?;
        }
        Ok(())
    }
}

impl From<PlanError> for EngineError {
    fn from(error: PlanError) -> Self {
        Self::Plan(Box::new(error))
    }
}

impl EngineError {
    /// What to do next, where that is known.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Plan(_) => None,
            Self::Overtaken { .. } => Some("plan again, and look at what has changed".to_owned()),
            Self::Secrets { .. } => {
                Some("give what is missing, then run the same command again".to_owned())
            }
            Self::Observe(error) | Self::Preview(error) | Self::Prepare(error) => error.hint(),
        }
    }

    /// Which exit code it asks for.
    pub fn class(&self) -> FailureClass {
        match self {
            Self::Plan(_) | Self::Secrets { .. } => FailureClass::Other,
            Self::Overtaken { .. } => FailureClass::Moved,
            Self::Observe(error) | Self::Preview(error) | Self::Prepare(error) => error.class(),
        }
    }
}
