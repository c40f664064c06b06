//! What is asked of a system before anything is planned.

use std::collections::{BTreeMap, BTreeSet};

use crate::{GroupKind, GroupVersionKind, NodeSetting, ObjectId, Reach, System};

/// What is asked of one system.
#[derive(Clone, Debug, PartialEq)]
pub enum Question {
    /// Of a cluster.
    Kubernetes(ClusterQuestion),
    /// Of machines, by the names of their node blocks.
    Machine(BTreeMap<String, MachineQuestion>),
    /// Of Authentik: nothing in particular yet.
    Authentik,
    /// Of apps: nothing in particular yet.
    App,
}

impl Question {
    /// Whom it is for.
    pub fn system(&self) -> System {
        match self {
            Self::Kubernetes(_) => System::Kubernetes,
            Self::Machine(_) => System::Machine,
            Self::Authentik => System::Authentik,
            Self::App => System::App,
        }
    }
}

/// What is asked of a cluster.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClusterQuestion {
    /// Whether it is the first of a plan: what the target remembers of an earlier one no longer holds.
    pub is_first: bool,
    /// Which objects are meant.
    pub selector: Selector,
    /// Lists of objects, by kind and namespace.
    pub lists: Vec<KindList>,
    /// Of these namespaces, which exist.
    pub namespaces: BTreeSet<String>,
    /// Of these namespaces, everything that anybody put into them.
    pub inhabitants: BTreeSet<String>,
    /// Of these objects, which exist, whoever made them. What may not be looked at counts as there.
    pub presence: BTreeSet<ObjectId>,
}

/// A label and its value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selector {
    /// The label.
    pub label: String,
    /// Its value.
    pub value: String,
}

/// Objects of some kinds in some namespaces.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KindList {
    /// Kinds that are asked for now; that one is not known is worth saying.
    pub kinds: BTreeSet<GroupVersionKind>,
    /// Kinds of earlier applies, in whichever version; those that are no longer known are passed over.
    pub earlier: BTreeSet<GroupKind>,
    /// Where; kinds that live in no namespace are listed once.
    pub namespaces: BTreeSet<String>,
}

/// What is asked of one machine.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MachineQuestion {
    /// The stack's name, which its files on the machine carry.
    pub stack: String,
    /// How the machine is reached.
    pub reach: Reach,
    /// What the stack asks of it.
    pub settings: Vec<NodeSetting>,
    /// Whether to count the use of inotify too.
    pub inotify: bool,
}
