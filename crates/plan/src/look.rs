//! What has to be known before a plan is made: which questions are open, and what their answers add.

use std::collections::BTreeMap;

use stackctl_model::{Answer, GroupKind, Live, Question, Record, System};

use crate::Planner;
use crate::systems::{self, machine};

impl Planner {
    /// What has to be asked of each system next, given what is known; nothing once all is known that a plan
    /// needs. Each answer is handed to [`Planner::learn`].
    pub fn questions(&self, live: &Live) -> BTreeMap<System, Question> {
        systems::questions(self, live)
    }

    /// Adds an answer to what is known.
    pub fn learn(live: &mut Live, question: &Question, answer: Answer) {
        systems::learn(live, question, answer);
    }

    /// What the stack's own record says once this plan is carried out.
    pub fn record(&self, live: &Live) -> Record {
        let asked = live.cluster.asked.lists.first().cloned().unwrap_or_default();
        let kinds = asked.kinds.into_iter();
        Record {
            generation: live.generation() + 1,
            kinds: kinds.map(|kind| GroupKind { group: kind.group, kind: kind.kind }).collect(),
            namespaces: asked.namespaces,
            machines: machine::to_remember(self, live),
        }
    }

    /// The same, with what was seen of machines in it: the groups that own their GPUs.
    #[must_use]
    pub fn informed(mut self, live: &Live) -> Self {
        machine::join(&mut self, live);
        self
    }
}
