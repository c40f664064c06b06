//! What is asked of the cluster, in up to three rounds: what the stack asks for, and what it builds on; what
//! earlier applies wrote of kinds and in namespaces that are no longer asked for; what else is in a
//! namespace that would go.

use std::collections::BTreeSet;

use stackctl_model::{
    ClusterQuestion, Desired, GroupKind, KindList, Live, ObjectId, Record, Selector,
};

use super::foundation::foundations;
use super::namespace;
use crate::{PART_OF, Planner, RETIRED_FROM};

/// What has to be asked of the cluster next.
pub(crate) fn question(planner: &Planner, live: &Live) -> Option<ClusterQuestion> {
    let Some(first) = live.cluster.asked.lists.first() else { return Some(first(planner)) };
    let record = live.record.as_ref()?;
    let mut lists = earlier(first, record);
    lists.retain(|list| !live.cluster.asked.lists.contains(list));
    let question = ClusterQuestion { selector: selector(planner), ..ClusterQuestion::default() };
    if !lists.is_empty() {
        return Some(ClusterQuestion { lists, ..question });
    }
    let mut inhabitants = namespace::going(planner, live);
    inhabitants.retain(|name| !live.cluster.asked.inhabitants.contains(name));
    (!inhabitants.is_empty()).then_some(ClusterQuestion { inhabitants, ..question })
}

fn first(planner: &Planner) -> ClusterQuestion {
    let (mut kinds, mut namespaces) = (BTreeSet::new(), BTreeSet::new());
    for resource in planner.resources() {
        if let Desired::Object(object) = &resource.desired {
            kinds.extend(object.group_version_kind());
        }
        let namespace = resource.id.as_object().and_then(|id| id.namespace.as_ref());
        if let Some(namespace) = namespace.filter(|name| !namespaces.contains(*name)) {
            namespaces.insert(namespace.clone());
        }
    }
    namespaces.insert(planner.mark.namespace.clone());
    let list = KindList { kinds, earlier: BTreeSet::new(), namespaces: namespaces.clone() };
    ClusterQuestion {
        is_first: true,
        selector: selector(planner),
        lists: vec![list],
        namespaces,
        inhabitants: BTreeSet::new(),
        presence: if planner.diagnoses { built_on(planner) } else { BTreeSet::new() },
    }
}

/// What the stack builds on and does not make itself.
fn built_on(planner: &Planner) -> BTreeSet<ObjectId> {
    let needed = foundations(planner.resources());
    needed.into_keys().filter_map(|id| id.as_object().cloned()).collect()
}

/// What the plan is about: what the stack owns, or what it has retired.
fn selector(planner: &Planner) -> Selector {
    let (label, value) = if planner.scope.goal.is_about_retired() {
        (RETIRED_FROM, planner.mark.name.clone())
    } else {
        (PART_OF, planner.mark.value())
    };
    Selector { label: label.to_owned(), value }
}

/// Kinds that are no longer asked for, wherever the stack is or was; and those that are, in namespaces
/// where it was.
fn earlier(asked: &KindList, record: &Record) -> Vec<KindList> {
    let is_asked = |kind: &GroupKind| {
        asked.kinds.iter().any(|one| one.kind == kind.kind && one.group == kind.group)
    };
    let earlier: BTreeSet<GroupKind> =
        record.kinds.iter().filter(|kind| !is_asked(kind)).cloned().collect();
    let left: BTreeSet<String> = record.namespaces.difference(&asked.namespaces).cloned().collect();
    let mut lists = Vec::new();
    if !earlier.is_empty() {
        let namespaces = record.namespaces.union(&asked.namespaces).cloned().collect();
        lists.push(KindList { kinds: BTreeSet::new(), earlier, namespaces });
    }
    if !left.is_empty() {
        let kinds = asked.kinds.clone();
        lists.push(KindList { kinds, earlier: BTreeSet::new(), namespaces: left });
    }
    lists
}
