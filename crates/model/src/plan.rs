//! The plan: what will be done, why, and what it risks. Published as `stackctl.plan/1`.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Change, Desired, GroupVersionKind, NodeWrite, Origin, Reach, ResourceId};

/// All that will be done, and a count of what will not.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Plan {
    /// The contract's name and version.
    #[serde(skip_deserializing, default = "published")]
    pub format: &'static str,
    /// The stack's name.
    pub stack: String,
    /// Counts by kind of action.
    pub summary: Summary,
    /// What is to be done, sorted by id.
    pub actions: Vec<Action>,
    /// What no target can manage yet, sorted by id.
    pub unmanaged: Vec<Remark>,
    /// What the stack needs and stackctl does not do, sorted by id: a person has to.
    #[serde(default)]
    pub findings: Vec<Remark>,
    /// Whole sentences that concern no single action.
    pub notes: Vec<String>,
    /// How many objects the stack owned when it was planned. Not part of the published plan.
    #[serde(skip)]
    pub owned: usize,
    /// Keyed digests behind the numbers of secret values. Not part of the published plan.
    #[serde(skip)]
    pub secrets: BTreeMap<u32, String>,
}

fn published() -> &'static str {
    Plan::FORMAT
}

impl Plan {
    /// The `format` of every plan this version makes.
    pub const FORMAT: &'static str = "stackctl.plan/1";
}

/// How many actions of each kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// Made anew.
    pub create: usize,
    /// Changed in place.
    pub update: usize,
    /// Deleted and made anew.
    pub replace: usize,
    /// Deleted.
    pub delete: usize,
    /// Taken over from whoever made it.
    pub adopt: usize,
    /// Kept, but no longer part of the stack.
    pub retire: usize,
    /// Left for a later run.
    pub deferred: usize,
    /// Already as asked.
    pub unchanged: usize,
    /// Declared, but not managed yet.
    pub unmanaged: usize,
    /// For a person to do.
    #[serde(default)]
    pub findings: usize,
}

/// What the plan does to one resource.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Action {
    /// The resource.
    pub id: ResourceId,
    /// What is done.
    pub action: ActionKind,
    /// Why, as part of a sentence.
    pub reason: String,
    /// What could be lost.
    pub risk: Risk,
    /// How it is done and what it does not reach, each a sentence. Empty where the action says it all.
    pub effects: Vec<String>,
    /// The app it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub app: Option<String>,
    /// The line that asks for it; none for what is no longer in the file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Origin>,
    /// Actions of this plan that come first.
    pub after: BTreeSet<ResourceId>,
    /// Each field that changes.
    pub changes: Vec<Change>,
    /// False where the server could not confirm it before something else exists.
    pub confirmed: bool,
    /// What the target already said against it, when asked what the write would come to. The executor
    /// still tries, unless the operation is [`Operation::Refused`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refused: Option<String>,
    /// Whether the data it could cost was named as what may be lost.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub allowed: bool,
    /// A JSON merge patch to send before the operation, for what server-side apply cannot do (changing
    /// a union, such as a rolling update's strategy to `Recreate`). Not part of the published plan.
    #[serde(skip)]
    pub patch_first: Option<Value>,
    /// What the plan was made from; none where there was nothing. Not part of the published plan.
    #[serde(skip)]
    pub seen: Option<Seen>,
    /// How the executor does it; not part of the published plan.
    #[serde(skip)]
    pub operation: Operation,
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

/// What a plan does to one resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ActionKind {
    /// Made anew.
    Create,
    /// Changed in place.
    Update,
    /// Deleted and made anew.
    Replace,
    /// Deleted.
    Delete,
    /// Exists without this stack's mark; taken over.
    Adopt,
    /// Kept in the cluster, no longer part of the stack.
    Retire,
    /// Nothing to write; only its readiness is awaited.
    Wait,
    /// Left for a later run.
    Deferred,
}

/// What an action could cost.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum Risk {
    /// Nothing.
    #[default]
    None,
    /// Something stops for a while.
    Disruption,
    /// Data could be lost. Refused unless the id is named with `--allow-data-loss`.
    Data,
}

/// How an action is carried out at its target.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Operation {
    /// Server-side apply of this desired state.
    Apply(Desired),
    /// Delete, wait until it is gone, apply. `orphan` keeps what the object owns.
    Replace {
        /// What to apply afterwards.
        desired: Desired,
        /// Keep dependents (a stateful set's pods) while it is away.
        orphan: bool,
        /// The uid that must still be there.
        uid: Option<String>,
    },
    /// Delete the object with this uid.
    Delete {
        /// What kind it is.
        kind: GroupVersionKind,
        /// The uid that must still be there.
        uid: Option<String>,
    },
    /// Change the marks of an object, and its scale, and leave the rest.
    Mark {
        /// What kind it is.
        kind: GroupVersionKind,
        /// A JSON merge patch. Where the annotation `stackctl.io/retired-at` is empty in it, the executor
        /// sets the date (RFC 3339).
        patch: Value,
    },
    /// Write to a machine.
    OnNode {
        /// How it is reached.
        reach: Reach,
        /// What is written.
        write: NodeWrite,
    },
    /// Nothing is written; readiness of this is awaited.
    Wait(Desired),
    /// Nothing is sent: the machine could not be reached when it was planned; why is in [`Action::refused`].
    Unreachable,
    /// Nothing is sent: the machine may be off, and is. What needs it is left for a later run too.
    Deferred,
    /// Nothing is sent: another manager holds a field, and the stack says `fail`. The reason is in
    /// [`Action::refused`].
    Conflict,
    /// Nothing is sent: the action fails with the reason in [`Action::refused`], such as an object that
    /// belongs to another stack.
    #[default]
    Refused,
}

/// What is said of a declared thing that no action is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remark {
    /// The resource.
    pub id: ResourceId,
    /// Why there is no action, or what is missing and what to do.
    pub reason: String,
    /// The line that asks for it.
    pub source: Origin,
    /// The app it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub app: Option<String>,
}
