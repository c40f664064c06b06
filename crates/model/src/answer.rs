//! What a system answers to a question.

use std::collections::BTreeMap;

use crate::{LiveApps, LiveAuthentik, LiveCluster, Machine, Question};

/// What a system answers.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// What a cluster holds of what was asked.
    Kubernetes(Box<LiveCluster>),
    /// What became of looking at each machine.
    Machine(BTreeMap<String, Machine>),
    /// What Authentik holds.
    Authentik(LiveAuthentik),
    /// What apps hold.
    App(LiveApps),
}

impl Question {
    /// What is known where there is nobody to ask.
    pub fn unasked(&self) -> Answer {
        match self {
            Self::Kubernetes(_) => Answer::Kubernetes(Box::default()),
            Self::Machine(asked) => {
                Answer::Machine(asked.keys().map(|node| (node.clone(), Machine::Unasked)).collect())
            }
            Self::Authentik => Answer::Authentik(LiveAuthentik::default()),
            Self::App => Answer::App(LiveApps::default()),
        }
    }
}
