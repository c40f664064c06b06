//! What a target was seen to hold.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::{
    ClusterQuestion, Finding, GroupVersionKind, Inhabitant, Machine, ObjectId, Record, ResourceId,
};

/// What was seen, by the system that holds it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Live {
    /// The cluster.
    pub cluster: LiveCluster,
    /// The machines.
    pub machines: LiveMachines,
    /// Authentik; none before it was asked.
    pub authentik: Option<LiveAuthentik>,
    /// Settings inside apps; none before any was asked.
    pub apps: Option<LiveApps>,
    /// The stack's own record; none before it was read.
    pub record: Option<Record>,
}

/// What was seen of a cluster.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LiveCluster {
    /// Objects that carry this stack's mark, and existing ones that a desired object would adopt, as the
    /// server returned them (`metadata.managedFields` included). Values under a Secret's `data` are
    /// replaced by [`LiveCluster::digests`].
    pub objects: BTreeMap<ResourceId, Value>,
    /// A keyed digest of each value under a Secret's `data`, by id and key. Equal digests are equal values.
    pub digests: BTreeMap<ResourceId, BTreeMap<String, String>>,
    /// Desired kinds that the target does not know (yet).
    pub unknown_kinds: BTreeSet<GroupVersionKind>,
    /// Namespaces that exist.
    pub namespaces: BTreeSet<String>,
    /// Everything in the namespaces that were asked about, by namespace.
    pub inhabitants: BTreeMap<String, Vec<Inhabitant>>,
    /// Those of the objects asked about that exist.
    pub present: BTreeSet<ObjectId>,
    /// What could not be observed or is worth saying, in whole sentences.
    pub notes: Vec<Finding>,
    /// All that was asked so far; empty in an answer.
    pub asked: ClusterQuestion,
}

impl LiveCluster {
    /// Adds an answer to what was known.
    pub fn learn(&mut self, question: &ClusterQuestion, answer: Self) {
        self.objects.extend(answer.objects);
        self.digests.extend(answer.digests);
        self.unknown_kinds.extend(answer.unknown_kinds);
        self.namespaces.extend(answer.namespaces);
        self.inhabitants.extend(answer.inhabitants);
        self.present.extend(answer.present);
        self.notes.extend(answer.notes);
        self.asked.lists.extend(question.lists.iter().cloned());
        self.asked.namespaces.extend(question.namespaces.iter().cloned());
        self.asked.inhabitants.extend(question.inhabitants.iter().cloned());
        self.asked.presence.extend(question.presence.iter().cloned());
    }
}

/// What was seen of machines.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LiveMachines {
    /// What was seen of each, by the name of its node block.
    pub seen: BTreeMap<String, Machine>,
}

/// What was seen of Authentik: nothing yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LiveAuthentik {}

/// What was seen inside apps: nothing yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LiveApps {}

impl Live {
    /// The number of the last apply; 0 before the first.
    pub fn generation(&self) -> u64 {
        self.record.as_ref().map_or(0, |record| record.generation)
    }
}

/// What the target says a write would come to, without writing.
#[derive(Clone, Debug, PartialEq)]
pub enum Preview {
    /// The object as it would be after the write.
    Object(Value),
    /// The object exists without this stack's mark; first as it is, then as it would be.
    Existing {
        /// As it is.
        live: Value,
        /// As it would be; JSON `null` where the target refuses the write (an immutable field, say):
        /// the planner then judges by `live` alone.
        after: Value,
        /// The name of the stack it belongs to, where it carries another stack's mark and that is known.
        owner: Option<String>,
        /// A keyed digest of each value, where it is a Secret.
        digests: BTreeMap<String, String>,
    },
    /// It cannot be asked before something else of the plan exists, such as its namespace or definition.
    Unconfirmed(String),
    /// The credentials may read, but not ask what a write would come to; which right is missing.
    Unasked(String),
    /// The target refuses it; the reason.
    Refused(String),
}
