//! What an apply is for, as generations keep it and reports say it.

use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// What an apply is for. It is kept in clusters as it is printed: `apply`, `rollback to 3`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum GenerationGoal {
    /// Make it as the stack says.
    #[default]
    Apply,
    /// Take down what the stack owns.
    Destroy,
    /// Make it as an earlier apply asked for.
    Rollback {
        /// The number of that apply.
        to: u64,
    },
    /// Take back what was retired.
    Undo,
    /// Delete for good what was retired.
    Purge,
    /// A word of another version of stackctl: it is kept and shown as it is.
    Unknown(String),
}

impl GenerationGoal {
    /// The command that does it.
    pub fn command(&self) -> &str {
        match self {
            Self::Apply => "apply",
            Self::Destroy => "destroy",
            Self::Rollback { .. } => "rollback",
            Self::Undo => "undo",
            Self::Purge => "purge",
            Self::Unknown(words) => words,
        }
    }

    /// What is said of a run that is done, as the beginning of a sentence.
    pub fn done(&self) -> &'static str {
        match self {
            Self::Apply | Self::Unknown(_) => "Applied",
            Self::Destroy => "Destroyed",
            Self::Rollback { .. } => "Rolled back",
            Self::Undo => "Taken back",
            Self::Purge => "Purged",
        }
    }

    /// Whether it asks for resources that could be gone back to. A destroy, a purge and an undo do not.
    pub fn asks_for_resources(&self) -> bool {
        match self {
            Self::Apply | Self::Rollback { .. } => true,
            Self::Destroy | Self::Undo | Self::Purge | Self::Unknown(_) => false,
        }
    }
}

impl fmt::Display for GenerationGoal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rollback { to } => write!(f, "rollback to {to}"),
            Self::Apply | Self::Destroy | Self::Undo | Self::Purge | Self::Unknown(_) => {
                f.write_str(self.command())
            }
        }
    }
}

impl FromStr for GenerationGoal {
    type Err = Infallible;

    fn from_str(words: &str) -> Result<Self, Infallible> {
        let number = words.strip_prefix("rollback to ").and_then(|number| number.parse().ok());
        Ok(match (words, number) {
            (_, Some(to)) => Self::Rollback { to },
            ("apply", None) => Self::Apply,
            ("destroy", None) => Self::Destroy,
            ("undo", None) => Self::Undo,
            ("purge", None) => Self::Purge,
            (other, None) => Self::Unknown(other.to_owned()),
        })
    }
}

impl Serialize for GenerationGoal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for GenerationGoal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let words = String::deserialize(deserializer)?;
        let Ok(goal) = words.parse();
        Ok(goal)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_clusters_keep_is_read_back_as_it_was() {
        for words in ["apply", "destroy", "rollback to 3", "undo", "purge", "rollback to a star"] {
            let goal: GenerationGoal = serde_json::from_value(words.into()).unwrap();
            assert_eq!(serde_json::to_value(&goal).unwrap(), words);
        }
        assert_eq!(
            "rollback to 3".parse::<GenerationGoal>(),
            Ok(GenerationGoal::Rollback { to: 3 })
        );
    }
}
