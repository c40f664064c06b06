//! What objects build on.

use std::collections::{BTreeMap, BTreeSet};

use stackctl_model::{Desired, Resource, ResourceId};

use super::kinds::rules_of_id;

/// What the stack builds on and does not make itself, each with the first resource that names it.
pub(crate) fn foundations<'r>(
    resources: impl Iterator<Item = &'r Resource> + Clone,
) -> BTreeMap<ResourceId, &'r Resource> {
    let made: BTreeSet<&ResourceId> = resources.clone().map(|resource| &resource.id).collect();
    let mut needed = BTreeMap::new();
    for resource in resources {
        let Desired::Object(object) = &resource.desired else { continue };
        let foundation = rules_of_id(&resource.id).foundation;
        if let Some(id) = foundation(&object.value).filter(|id| !made.contains(id)) {
            needed.entry(id).or_insert(resource);
        }
    }
    needed
}
