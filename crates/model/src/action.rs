//! What a plan does to one resource, as an executor needs it. What is published of it is
//! [`PublishedAction`](crate::PublishedAction).

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::{
    ActionKind, Change, GroupVersionKind, NodeWrite, Object, Origin, Reach, ResourceId, Risk,
};

/// What the plan does to one resource.
#[derive(Clone, Debug, PartialEq)]
pub struct Action {
    /// The resource.
    pub id: ResourceId,
    /// How it is done, with all that is needed for it.
    pub operation: Operation,
    /// Why, as part of a sentence.
    pub reason: String,
    /// What could be lost.
    pub cost: Cost,
    /// How it is done and what it does not reach, each a sentence. Empty where the operation says it all.
    pub effects: Vec<String>,
    /// The app it belongs to.
    pub app: Option<String>,
    /// The line that asks for it; none for what is no longer in the file.
    pub source: Option<Origin>,
    /// Actions of this plan that come first.
    pub after: BTreeSet<ResourceId>,
    /// Each field that changes.
    pub changes: Vec<Change>,
    /// What the target said of it when it was asked.
    pub outlook: Outlook,
}

impl Action {
    /// What is done.
    pub fn kind(&self) -> ActionKind {
        self.operation.kind()
    }

    /// Why it will fail, as far as that is known: it is held, or the target said no when it was asked.
    pub fn objection(&self) -> Option<&str> {
        match (&self.operation, &self.outlook) {
            (Operation::Held(held), _) => held.refusal(),
            (_, Outlook::Objected(why)) => Some(why),
            (_, Outlook::Confirmed | Outlook::Unconfirmed) => None,
        }
    }
}

/// What an action could cost, and whether that was agreed to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Cost {
    /// Nothing.
    #[default]
    Nothing,
    /// Something stops for a while.
    Disruption,
    /// Data could be lost.
    Data(Consent),
}

/// Whether data was named as what may be lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Consent {
    /// It was not: an apply is refused.
    Missing,
    /// It was.
    Given,
}

impl Cost {
    /// The same, without whether it was agreed to.
    pub fn risk(self) -> Risk {
        match self {
            Self::Nothing => Risk::None,
            Self::Disruption => Risk::Disruption,
            Self::Data(_) => Risk::Data,
        }
    }
}

impl From<Risk> for Cost {
    /// What nobody has agreed to yet.
    fn from(risk: Risk) -> Self {
        match risk {
            Risk::None => Self::Nothing,
            Risk::Disruption => Self::Disruption,
            Risk::Data => Self::Data(Consent::Missing),
        }
    }
}

/// What the target said of an action when it was asked what it would come to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Outlook {
    /// Nothing against it, or it need not be asked.
    #[default]
    Confirmed,
    /// It could not be asked before something else exists, or may not be asked.
    Unconfirmed,
    /// It would refuse it, and why. The executor still tries: what the objection is about may come to pass
    /// by an action before.
    Objected(String),
}

/// How an action is carried out at its target. What an operation needs stands in it, so that one without
/// cannot be written down.
#[derive(Clone, Debug, PartialEq)]
pub enum Operation {
    /// Apply an object that is not there.
    Create(Object),
    /// Apply an object over what was seen.
    Update(Overwrite),
    /// Apply an object over one that belongs to no stack.
    Adopt(Adoption),
    /// Delete, wait until it is gone, apply.
    Replace(Replacement),
    /// Delete an object.
    Delete(Deletion),
    /// Take an object out of the stack and keep it with its data.
    Retire(Mark),
    /// Put what was retired back into the stack.
    TakeBack {
        /// What puts it back.
        mark: Mark,
        /// Its retirement, which ends.
        retirement: Retirement,
    },
    /// Take off what the stack has put on an object that is not its own.
    Release(Mark),
    /// Write to a machine.
    OnMachine(MachineWrite),
    /// Nothing is written; readiness of this is awaited.
    Wait(Object),
    /// Nothing is sent, and why.
    Held(Held),
}

/// An object to apply over a live one.
#[derive(Clone, Debug, PartialEq)]
pub struct Overwrite {
    /// What to apply.
    pub object: Object,
    /// A JSON merge patch to send before, for what server-side apply cannot do (changing a union, such as a
    /// rolling update's strategy to `Recreate`).
    pub patch_first: Option<Value>,
    /// What the plan was made from: the write is held against it.
    pub seen: Seen,
}

/// An object to apply over one that belongs to no stack.
#[derive(Clone, Debug, PartialEq)]
pub struct Adoption {
    /// What to apply over what.
    pub over: Overwrite,
    /// Its retirement, which ends, where it was retired.
    pub retirement: Option<Retirement>,
}

/// An object to delete and make anew.
#[derive(Clone, Debug, PartialEq)]
pub struct Replacement {
    /// What to apply once the old one is gone.
    pub object: Object,
    /// What becomes of what the old one owns.
    pub dependents: Dependents,
    /// What the plan was made from.
    pub seen: Seen,
}

/// What becomes of the objects that an object owns, while it is away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dependents {
    /// They go with it.
    GoWithIt,
    /// They stay (a stateful set's pods).
    Stay,
}

/// An object to delete.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deletion {
    /// What kind it is.
    pub kind: GroupVersionKind,
    /// The uid that must still be there.
    pub uid: Option<String>,
    /// Its retirement, where it was retired.
    pub retirement: Option<Retirement>,
}

/// A change of an object's marks, and of its scale, that leaves the rest.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    /// What kind it is.
    pub kind: GroupVersionKind,
    /// The uid that must still be there.
    pub uid: Option<String>,
    /// A JSON merge patch. Where the annotation `stackctl.io/retired-at` is empty in it, the executor sets
    /// the date (RFC 3339).
    pub patch: Value,
}

/// From where and when an object was retired.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Retirement {
    /// The stack it belonged to.
    pub from: String,
    /// When, RFC 3339 in UTC; empty where nobody noted it.
    pub at: String,
}

impl std::fmt::Display for Retirement {
    /// As part of a sentence, with the day alone.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let day = self.at.split('T').next().unwrap_or_default();
        write!(f, "it was retired from stack {} on {day}", self.from)
    }
}

/// Something to write to a machine.
#[derive(Clone, Debug, PartialEq)]
pub struct MachineWrite {
    /// What it comes to.
    pub comes_to: SettingChange,
    /// How the machine is reached.
    pub reach: Reach,
    /// What is written.
    pub write: NodeWrite,
}

/// What a write to a machine comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SettingChange {
    /// It was not set by this stack.
    Added,
    /// It is set otherwise.
    Changed,
    /// It is no longer set.
    Removed,
}

impl SettingChange {
    /// What is done.
    pub fn kind(self) -> ActionKind {
        match self {
            Self::Added => ActionKind::Create,
            Self::Changed => ActionKind::Update,
            Self::Removed => ActionKind::Delete,
        }
    }
}

/// Why nothing is sent for an action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Held {
    /// The machine could not be reached when it was planned.
    Unreachable {
        /// Why not.
        why: String,
    },
    /// The machine may be off, and is. What needs it is left for a later run too.
    Deferred {
        /// Why it could not be reached.
        why: String,
    },
    /// Another manager holds a field, and the stack says `fail`.
    Conflict {
        /// What would be done.
        intended: ActionKind,
        /// Which fields, and whose.
        why: String,
    },
    /// It belongs to another stack.
    Foreign {
        /// Whose it is, and what becomes of it.
        why: String,
    },
    /// It cannot be done, such as a write to a machine where nothing can be written.
    Refused {
        /// What would be done.
        intended: ActionKind,
        /// Why not.
        why: String,
    },
}

impl Held {
    /// What would be done.
    pub fn kind(&self) -> ActionKind {
        match self {
            Self::Unreachable { .. } => ActionKind::Update,
            Self::Deferred { .. } => ActionKind::Deferred,
            Self::Foreign { .. } => ActionKind::Adopt,
            Self::Conflict { intended, .. } | Self::Refused { intended, .. } => *intended,
        }
    }

    /// Why it fails; none where it is only left for later.
    pub fn refusal(&self) -> Option<&str> {
        match self {
            Self::Deferred { .. } => None,
            Self::Unreachable { why }
            | Self::Foreign { why }
            | Self::Conflict { why, .. }
            | Self::Refused { why, .. } => Some(why),
        }
    }
}

/// A live object as it was when it was planned for: each write is held against it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Seen {
    /// `metadata.uid`.
    pub uid: Option<String>,
    /// `metadata.resourceVersion`.
    pub resource_version: Option<String>,
    /// All that differed from what is desired, before the server was asked what a write would come to.
    pub changes: Vec<Change>,
    /// A keyed digest of each secret value, by its key.
    pub digests: BTreeMap<String, String>,
}

impl Operation {
    /// What is done.
    pub fn kind(&self) -> ActionKind {
        match self {
            Self::Create(_) => ActionKind::Create,
            Self::Update(_) | Self::Release(_) => ActionKind::Update,
            Self::Adopt(_) | Self::TakeBack { .. } => ActionKind::Adopt,
            Self::Replace(_) => ActionKind::Replace,
            Self::Delete(_) => ActionKind::Delete,
            Self::Retire(_) => ActionKind::Retire,
            Self::OnMachine(write) => write.comes_to.kind(),
            Self::Wait(_) => ActionKind::Wait,
            Self::Held(held) => held.kind(),
        }
    }

    /// Whether anything is sent to a target.
    pub fn is_write(&self) -> bool {
        match self {
            Self::Create(_)
            | Self::Update(_)
            | Self::Adopt(_)
            | Self::Replace(_)
            | Self::Delete(_)
            | Self::Retire(_)
            | Self::TakeBack { .. }
            | Self::Release(_)
            | Self::OnMachine(_) => true,
            Self::Wait(_) | Self::Held(_) => false,
        }
    }

    /// The object it applies, if it applies one.
    pub fn applied(&self) -> Option<&Object> {
        match self {
            Self::Create(object) => Some(object),
            Self::Update(over) => Some(&over.object),
            Self::Adopt(adoption) => Some(&adoption.over.object),
            Self::Replace(replacement) => Some(&replacement.object),
            Self::Delete(_)
            | Self::Retire(_)
            | Self::TakeBack { .. }
            | Self::Release(_)
            | Self::OnMachine(_)
            | Self::Wait(_)
            | Self::Held(_) => None,
        }
    }

    /// What the object it applies was planned from; none for what is made anew or is not applied.
    pub fn seen(&self) -> Option<&Seen> {
        match self {
            Self::Update(over) => Some(&over.seen),
            Self::Adopt(adoption) => Some(&adoption.over.seen),
            Self::Replace(replacement) => Some(&replacement.seen),
            Self::Create(_)
            | Self::Delete(_)
            | Self::Retire(_)
            | Self::TakeBack { .. }
            | Self::Release(_)
            | Self::OnMachine(_)
            | Self::Wait(_)
            | Self::Held(_) => None,
        }
    }

    /// The uid of the object that goes by it: is deleted, made anew or retired.
    pub fn removed_uid(&self) -> Option<&str> {
        match self {
            Self::Replace(replacement) => replacement.seen.uid.as_deref(),
            Self::Delete(deletion) => deletion.uid.as_deref(),
            Self::Retire(mark) => mark.uid.as_deref(),
            Self::Create(_)
            | Self::Update(_)
            | Self::Adopt(_)
            | Self::TakeBack { .. }
            | Self::Release(_)
            | Self::OnMachine(_)
            | Self::Wait(_)
            | Self::Held(_) => None,
        }
    }

    /// Whether it is left for a later run.
    pub fn is_deferred(&self) -> bool {
        matches!(self, Self::Held(Held::Deferred { .. }))
    }
}
