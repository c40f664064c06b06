//! What a lint is: a code, how bad it is, what it needs and how it looks, and what people read of it.

use stackctl_model::{Action, Declared, Finding, Live, Plan, Resource, Severity};

/// One thing that may be wrong, and how it is found.
pub struct Lint {
    /// Stable and searchable.
    pub code: &'static str,
    /// How bad it is. What is an error cannot be silenced.
    pub severity: Severity,
    /// What it looks at, and how.
    pub check: Check,
    /// What people read of it.
    pub doc: Doc,
}

/// The documentation of a lint, each part in Markdown.
pub struct Doc {
    /// What is wrong, in a sentence.
    pub wrong: &'static str,
    /// Why that matters.
    pub why: &'static str,
    /// Lines that trigger it; empty where it is about what is live.
    pub example: &'static str,
    /// How to mend it.
    pub mend: &'static str,
    /// Where this was learned; empty where it follows from the language.
    pub source: &'static str,
}

/// What a lint looks at.
#[derive(Clone, Copy)]
pub enum Check {
    /// What the stack declares.
    Stack(fn(&Declared) -> Vec<Finding>),
    /// What it declares and what that comes to.
    Objects(fn(&Declared, &[Resource]) -> Vec<Finding>),
    /// The plan and the cluster it is for.
    Cluster(fn(&Seen<'_>) -> Vec<Finding>),
    /// What was seen of machines.
    Machines(fn(&Seen<'_>) -> Vec<Finding>),
    /// The planner says it while it decides about a resource of this kind, since what it decides depends
    /// on it.
    Planner(Needs),
}

/// What must be at hand for a lint to run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    /// The stack's text.
    Stack,
    /// What it comes to.
    Objects,
    /// A cluster.
    Cluster,
    /// Machines.
    Machines,
}

impl Check {
    /// What must be at hand.
    pub fn needs(self) -> Needs {
        match self {
            Self::Stack(_) => Needs::Stack,
            Self::Objects(_) => Needs::Objects,
            Self::Cluster(_) => Needs::Cluster,
            Self::Machines(_) => Needs::Machines,
            Self::Planner(needs) => needs,
        }
    }
}

/// What is seen once a stack was planned.
pub struct Seen<'a> {
    /// What will be done.
    pub plan: &'a Plan,
    /// What is there.
    pub live: &'a Live,
    /// All that the stack asks for.
    pub resources: &'a [Resource],
}

/// A finding about what an action does, at the line that asks for it.
pub(super) fn about(action: &Action, lint: &Lint, message: &str) -> Finding {
    let finding = Finding::new(lint.code, lint.severity, message).about(action.id.clone());
    match &action.source {
        Some(origin) => finding.also(origin.clone(), ""),
        None => finding,
    }
}
