//! The nouns of every stage, in the order of the data: text has spans and findings, a stack expands to
//! resources with ids, a target shows what is live, the planner says changes, actions and a plan, the
//! executor tells events. Nothing here acts.

mod action;
mod action_kind;
mod answer;
mod change;
mod declared;
mod diagnosis;
mod event;
mod finding;
mod generation;
mod goal;
mod id;
mod inhabitant;
mod kinds;
mod live;
mod moved;
mod node;
mod ownership;
mod path;
mod plan;
mod published;
mod published_findings;
mod quantity;
mod question;
mod record;
mod resource;
mod secret;
mod setting_name;
mod span;
mod suggest;
mod system;

pub use span::{Origin, SourceId, Span, Spanned};

pub use finding::{At, Finding, Fix, Place, Severity, Spot};

pub use declared::{
    AppVolume, Declared, DeclaredClass, DeclaredGateway, Exposure, GpuRequest, Holds, Lines,
    Silence, Written,
};

pub use suggest::closest;

pub use quantity::{Quantity, QuantityError};

pub use secret::{Alphabet, SecretSource, SecretValue};

pub use inhabitant::Inhabitant;

pub use kinds::{KNOWN_KINDS, KindNames, KnownKind, Scope, kind_of_group, known_kind};

pub use goal::GenerationGoal;

pub use generation::{Generation, GenerationOutcome, Holder};

pub use system::System;

pub use id::{IdError, IdPattern, MachineId, ObjectId, ResourceId};

pub use setting_name::SettingName;

pub use moved::Moved;

pub use ownership::{FieldPolicy, FieldRule};

pub use path::{FieldPath, Segment};

pub use resource::{Desired, GroupVersionKind, Object, Resource};

pub use node::{
    Device, Facts, FileLine, InotifyUse, Machine, ModuleState, NodeSetting, NodeStep, NodeWrite,
    OnNode, OperatingSystem, Reach, ServiceState, SysctlRule, Way,
};

pub use answer::Answer;

pub use question::{ClusterQuestion, KindList, MachineQuestion, Question, Selector};

pub use record::{GroupKind, Record};

pub use live::{Live, LiveApps, LiveAuthentik, LiveCluster, LiveMachines, Preview};

pub use change::{Change, ChangeValue};

pub use action_kind::{ActionKind, Risk};

pub use plan::{Plan, Summary};

pub use action::{
    Action, Adoption, Consent, Cost, Deletion, Dependents, Held, MachineWrite, Mark, Operation,
    Outlook, Overwrite, Replacement, Retirement, Seen, SettingChange,
};

pub use published::{PublishedAction, PublishedPlan};

pub use diagnosis::{Diagnosis, InotifyBudget};

pub use event::{ActionFailure, Event, FailureClass, Outcome, Report};
