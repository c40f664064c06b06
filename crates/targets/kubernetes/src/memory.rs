//! What the target remembers between two calls of the engine.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::Value;
use stackctl_model::{Inhabitant, ResourceId};

use crate::kind::Kind;
use crate::request::list_path;

/// What was seen and done in this run.
#[derive(Default)]
pub(crate) struct Memory {
    owned: Mutex<HashSet<ResourceId>>,
    written: Mutex<HashMap<ResourceId, Arc<Value>>>,
    gone: Mutex<HashSet<ResourceId>>,
    record: Mutex<Option<Value>>,
    /// What is in a namespace, by the namespace and the path of the kind, while it is being asked for.
    inhabitants: Mutex<HashMap<(String, String), Vec<Inhabitant>>>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn place(namespace: &str, kind: &Kind) -> (String, String) {
    (namespace.to_owned(), list_path(kind, Some(namespace)))
}

impl Memory {
    /// Keeps what was found to be the stack's own.
    pub(crate) fn owns(&self, ids: impl Iterator<Item = ResourceId>) {
        lock(&self.owned).extend(ids);
    }

    /// Forgets what was found to be the stack's own, before it is looked for anew.
    pub(crate) fn owns_nothing(&self) {
        lock(&self.owned).clear();
    }

    pub(crate) fn is_owned(&self, id: &ResourceId) -> bool {
        lock(&self.owned).contains(id)
    }

    /// Keeps the server's answer to a write: what is seen later is compared with it.
    pub(crate) fn wrote(&self, id: &ResourceId, object: Value) {
        lock(&self.gone).remove(id);
        lock(&self.written).insert(id.clone(), Arc::new(object));
    }

    pub(crate) fn written(&self, id: &ResourceId) -> Option<Arc<Value>> {
        lock(&self.written).get(id).cloned()
    }

    pub(crate) fn forget(&self, id: &ResourceId) {
        lock(&self.written).remove(id);
    }

    /// Keeps the stack's own record as it was when the lock was taken.
    pub(crate) fn keep_record(&self, record: Option<Value>) {
        *lock(&self.record) = record;
    }

    pub(crate) fn record(&self) -> Option<Value> {
        lock(&self.record).clone()
    }

    /// Whether a kind was already asked for in a namespace.
    pub(crate) fn has_listed(&self, namespace: &str, kind: &Kind) -> bool {
        lock(&self.inhabitants).contains_key(&place(namespace, kind))
    }

    pub(crate) fn listed(&self, namespace: &str, kind: &Kind, found: Vec<Inhabitant>) {
        lock(&self.inhabitants).insert(place(namespace, kind), found);
    }

    /// Everything that was listed in a namespace; it is forgotten with that.
    pub(crate) fn take_listed(&self, namespace: &str) -> Vec<Inhabitant> {
        let mut all = lock(&self.inhabitants);
        let taken = all.extract_if(|(of, _), _| of == namespace);
        taken.flat_map(|(_, found)| found).collect()
    }

    /// Notes that a delete left nothing behind that would have to be waited for.
    pub(crate) fn removed(&self, id: &ResourceId) {
        lock(&self.gone).insert(id.clone());
    }

    pub(crate) fn is_gone(&self, id: &ResourceId) -> bool {
        lock(&self.gone).contains(id)
    }
}

/// Whether what a watch shows is no older than the answer to a write: it may lag behind.
pub(crate) fn is_as_new(seen: &Value, written: &Value) -> bool {
    let version = |object: &Value| -> Option<u128> {
        object["metadata"]["resourceVersion"].as_str()?.parse().ok()
    };
    if let (Some(seen), Some(written)) = (version(seen), version(written)) {
        return seen >= written;
    }
    let generation = |object: &Value| object["metadata"]["generation"].as_i64();
    generation(seen) >= generation(written)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::is_as_new;

    #[test]
    fn versions_are_compared_as_numbers() {
        let object = |version: &str| json!({"metadata": {"resourceVersion": version}});
        assert!(is_as_new(&object("1000"), &object("999")));
        assert!(is_as_new(&object("999"), &object("999")));
        assert!(!is_as_new(&object("999"), &object("1000")));
    }

    #[test]
    fn without_numbers_the_generation_decides() {
        let object = |generation: i64| json!({"metadata": {"resourceVersion": "opaque", "generation": generation}});
        assert!(is_as_new(&object(2), &object(2)));
        assert!(!is_as_new(&object(1), &object(2)));
    }
}
