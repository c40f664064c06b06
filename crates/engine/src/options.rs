//! What may be said about making a plan, and about carrying it out.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use stackctl_model::{FieldRule, GenerationGoal, Holder, Reach};
use stackctl_plan::{Goal, PlanScope, StackMark};

use crate::Masks;

/// What to plan.
#[derive(Clone, Debug)]
pub struct PlanOptions {
    /// Whose resources these are.
    pub mark: StackMark,
    /// What the plan is for, and to what it is limited.
    pub scope: PlanScope,
    /// What to do about fields that others have written; the first that fits holds.
    pub ownership: Vec<FieldRule>,
    /// The stack's machines and how they are reached.
    pub machines: BTreeMap<String, Reach>,
    /// Whether what would make the stack fail is looked for too.
    pub diagnoses: bool,
    /// Whether the plan is to be carried out at once: missing rights are then an error.
    pub writes: bool,
    /// Where relative paths of secrets start.
    pub folder: PathBuf,
    /// What hides the values that are read.
    pub masks: Masks,
}

impl PlanOptions {
    /// All of a goal, for a stack in the folder where this runs.
    pub fn new(mark: StackMark, goal: Goal) -> Self {
        Self {
            mark,
            scope: PlanScope::all_of(goal),
            ownership: Vec::new(),
            machines: BTreeMap::new(),
            diagnoses: false,
            writes: false,
            folder: PathBuf::from("."),
            masks: Masks::default(),
        }
    }
}

/// How to carry out a plan.
#[derive(Clone, Debug)]
pub struct ExecuteOptions {
    /// Wait until what was written is ready, and start what needs it only then.
    pub wait: bool,
    /// How long each resource may take to be ready.
    pub timeout: Duration,
    /// How long to wait for another apply of the same stack.
    pub lock_timeout: Duration,
    /// How many writes may be in flight; what the target takes best when not said.
    pub parallelism: Option<usize>,
    /// Who applies it.
    pub author: Author,
}

impl Default for ExecuteOptions {
    fn default() -> Self {
        Self {
            wait: true,
            timeout: Duration::from_mins(5),
            lock_timeout: Duration::ZERO,
            parallelism: None,
            author: Author::default(),
        }
    }
}

/// Who applies what, as the generation says it.
#[derive(Clone, Debug, Default)]
pub struct Author {
    /// Who runs it.
    pub holder: Holder,
    /// The commit of the stack's folder, or empty.
    pub source: String,
    /// What it is for.
    pub goal: GenerationGoal,
}
