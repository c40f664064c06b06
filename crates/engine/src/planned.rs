//! A plan, and what is needed to carry it out.

use std::path::Path;
use std::sync::Arc;

use stackctl_model::{Desired, Diagnosis, Live, Plan, Record, Resource};
use stackctl_plan::StackMark;
use stackctl_plan::lints::Seen;

use crate::secrets::SecretReader;

/// A plan, and what is needed to carry it out.
#[derive(Debug)]
pub struct Planned {
    /// What will be done.
    pub plan: Plan,
    /// Whose resources these are.
    pub(crate) mark: StackMark,
    /// What the stack's own record says once it is carried out.
    pub(crate) record: Record,
    /// The stack's own namespace, where the stack declares it: it is needed before the stack's record.
    pub(crate) namespace: Option<Desired>,
    /// Remembers what planning has read.
    pub(crate) reader: Arc<SecretReader>,
    /// All that is asked for, to be recorded.
    pub(crate) resources: Vec<Resource>,
    /// What was seen.
    pub(crate) live: Live,
}

impl Planned {
    /// A plan made elsewhere. Relative paths of secrets start at `folder`.
    pub fn new(plan: Plan, mark: StackMark, namespace: Option<Desired>, folder: &Path) -> Self {
        Self {
            plan,
            mark,
            record: Record { generation: 1, ..Record::default() },
            namespace,
            reader: Arc::new(SecretReader::new(folder)),
            resources: Vec::new(),
            live: Live::default(),
        }
    }

    /// What would make the stack fail: what was seen, and what it builds on. Complete only where the plan was
    /// made with [`crate::PlanOptions::diagnoses`].
    pub fn diagnosis(&self) -> Diagnosis {
        stackctl_plan::diagnose(&Seen {
            plan: &self.plan,
            live: &self.live,
            resources: &self.resources,
        })
    }

    /// The same, made after this apply.
    #[must_use]
    pub fn after(mut self, generation: u64) -> Self {
        self.live.record.get_or_insert_default().generation = generation;
        self.record.generation = generation + 1;
        self
    }
}
