//! One thing that should exist at a target.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde_json::Value;

use crate::{OnNode, Origin, ResourceId, SecretSource};

/// One desired thing, with what it needs and where the stack asks for it.
#[derive(Clone, Debug, PartialEq)]
pub struct Resource {
    /// Its name everywhere.
    pub id: ResourceId,
    /// The app it belongs to, for grouping; none for what the stack as a whole has.
    pub app: Option<String>,
    /// The line that asks for it.
    pub origin: Origin,
    /// What must be ready before it; only ids of the same stack.
    pub after: BTreeSet<ResourceId>,
    /// What it should be.
    pub desired: Desired,
}

/// What a resource should be.
#[derive(Clone, Debug, PartialEq)]
pub enum Desired {
    /// A Kubernetes object.
    Object(Object),
    /// Something on a machine.
    OnNode(OnNode),
    /// A setting of Authentik or inside an app: its attributes.
    Setting(BTreeMap<String, Value>),
}

/// A desired Kubernetes object. Secret values are holes in it.
#[derive(Clone, Debug, PartialEq)]
pub struct Object {
    /// apiVersion, kind, metadata and the rest, as it would be applied, without secret values.
    pub value: Value,
    /// Keys under `data` of a Secret whose values come from elsewhere.
    pub secrets: BTreeMap<String, SecretSource>,
    /// GPU settings of nodes: the pods join the groups that own those devices.
    pub gpus: BTreeSet<ResourceId>,
}

impl Object {
    /// An object with no holes.
    pub fn plain(value: Value) -> Self {
        Self { value, secrets: BTreeMap::new(), gpus: BTreeSet::new() }
    }
}

/// What kind of object, as the API names it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GroupVersionKind {
    /// Empty for the core group.
    pub group: String,
    /// Such as `v1`.
    pub version: String,
    /// Such as `Deployment`.
    pub kind: String,
}

impl GroupVersionKind {
    /// Reads `apiVersion` and `kind` of an object; `None` when either is missing.
    pub fn of(object: &Value) -> Option<Self> {
        let api_version = object.get("apiVersion")?.as_str()?;
        let kind = object.get("kind")?.as_str()?.to_owned();
        let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
        Some(Self { group: group.to_owned(), version: version.to_owned(), kind })
    }
}

impl fmt::Display for GroupVersionKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.group.is_empty() {
            write!(f, "{} {}", self.version, self.kind)
        } else {
            write!(f, "{}/{} {}", self.group, self.version, self.kind)
        }
    }
}

impl Object {
    /// Its group, version and kind; `None` when the object names none.
    pub fn group_version_kind(&self) -> Option<GroupVersionKind> {
        GroupVersionKind::of(&self.value)
    }
}
