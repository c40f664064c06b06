//! What a stack's own record says: what the last apply wrote, and where.

use std::collections::{BTreeMap, BTreeSet};

use crate::Reach;

/// The stack's own record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record {
    /// The number of the last apply; 0 before the first.
    pub generation: u64,
    /// Kinds of objects that were ever written.
    pub kinds: BTreeSet<GroupKind>,
    /// Namespaces in which something was ever written.
    pub namespaces: BTreeSet<String>,
    /// Machines on which something of the stack may be, and how they were reached.
    pub machines: BTreeMap<String, Reach>,
}

/// A kind of object in whichever version.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GroupKind {
    /// Empty for the core group.
    pub group: String,
    /// Such as `Deployment`.
    pub kind: String,
}
