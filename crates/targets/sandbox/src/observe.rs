//! What the sandbox holds, read by as many threads as there are cores.

use std::collections::{BTreeMap, BTreeSet};
use std::thread;

use serde_json::Value;
use stackctl_model::{
    ClusterQuestion, Finding, Inhabitant, LiveCluster, ObjectId, ResourceId, Selector,
};
use stackctl_plan::kubernetes::Schema;
use stackctl_plan::mark_of;

use crate::SandboxError;
use crate::store::Store;

/// Fewer files than this are read by one thread.
const WORTH_A_THREAD: usize = 200;

/// What the sandbox holds of what is asked. Nothing runs here, so nothing that a stack builds on is missing.
pub(crate) fn live(store: &Store, asked: &ClusterQuestion) -> Result<LiveCluster, SandboxError> {
    let mut live = LiveCluster {
        present: asked.presence.clone(),
        notes: approximated(asked),
        ..LiveCluster::default()
    };
    for namespace in &asked.inhabitants {
        live.inhabitants.insert(namespace.clone(), inhabitants(store, namespace)?);
    }
    if asked.lists.is_empty() {
        return Ok(live);
    }
    for part in read_all(store, &store.paths()?, &asked.selector) {
        let part = part?;
        live.namespaces.extend(part.namespaces);
        live.objects.extend(part.objects);
        live.digests.extend(part.digests);
    }
    Ok(live)
}

#[derive(Default)]
struct Part {
    namespaces: Vec<String>,
    objects: Vec<(ResourceId, Value)>,
    digests: Vec<(ResourceId, BTreeMap<String, String>)>,
}

fn read_all(store: &Store, paths: &[String], wanted: &Selector) -> Vec<Result<Part, SandboxError>> {
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let each = paths.len().div_ceil(threads).max(WORTH_A_THREAD);
    thread::scope(|scope| {
        let mut chunks = paths.chunks(each);
        // This thread has the first part, the others the rest.
        let first = chunks.next().unwrap_or_default();
        let others: Vec<_> =
            chunks.map(|chunk| scope.spawn(move || read_part(store, chunk, wanted))).collect();
        let mut parts = vec![read_part(store, first, wanted)];
        for other in others {
            match other.join() {
                Ok(part) => parts.push(part),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        parts
    })
}

fn read_part(store: &Store, paths: &[String], wanted: &Selector) -> Result<Part, SandboxError> {
    let mut part = Part::default();
    for path in paths {
        // A file that was there when they were listed may be gone.
        let Some((id, object)) = store.read(path)? else { continue };
        if id.kind == "Namespace" && id.group.is_empty() {
            part.namespaces.push(id.name.clone());
        }
        if !is_wanted(&object, wanted) {
            continue;
        }
        let (object, digests) = without_data(&id, object);
        let id = ResourceId::Object(id);
        if !digests.is_empty() {
            part.digests.push((id.clone(), digests));
        }
        part.objects.push((id, object));
    }
    Ok(part)
}

/// Everything in a namespace.
fn inhabitants(store: &Store, namespace: &str) -> Result<Vec<Inhabitant>, SandboxError> {
    let mut found = Vec::new();
    for path in store.paths()? {
        let Some((id, object)) = store.read(&path)? else { continue };
        if id.namespace.as_deref() == Some(namespace) {
            let mark = mark_of(&object).map(str::to_owned);
            found.push(Inhabitant { id: ResourceId::Object(id), mark });
        }
    }
    Ok(found)
}

fn is_wanted(object: &Value, wanted: &Selector) -> bool {
    object["metadata"]["labels"][&wanted.label] == wanted.value.as_str()
}

/// The object without a Secret's values, and their digests.
pub(crate) fn without_data(id: &ObjectId, mut object: Value) -> (Value, BTreeMap<String, String>) {
    if id.kind != "Secret" || !id.group.is_empty() {
        return (object, BTreeMap::new());
    }
    let data = object.as_object_mut().and_then(|object| object.remove("data"));
    let digests = data.as_ref().and_then(Value::as_object).into_iter().flatten();
    let digests = digests
        .map(|(key, digest)| (key.clone(), digest.as_str().unwrap_or_default().to_owned()))
        .collect();
    (object, digests)
}

/// Kinds whose lists and defaults are in no table.
fn approximated(asked: &ClusterQuestion) -> Vec<Finding> {
    let schema = Schema::embedded();
    let kinds = asked.lists.iter().flat_map(|list| &list.kinds);
    let unknown: BTreeSet<String> = kinds
        // Of a Node object only labels and annotations are written.
        .filter(|kind| !schema.knows(kind) && kind.kind != "Node")
        .map(|kind| match kind.group.as_str() {
            "" => kind.kind.clone(),
            group => format!("{} ({group})", kind.kind),
        })
        .collect();
    if unknown.is_empty() {
        return Vec::new();
    }
    let names: Vec<_> = unknown.into_iter().collect();
    let message = format!(
        "The sandbox has no table for {}: it approximates their defaults and how their lists merge.",
        names.join(", ")
    );
    vec![Finding::note("sandbox-approximates", message)]
}
