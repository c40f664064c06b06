//! Watches that many waiters share: one per kind and namespace, begun by the first who waits.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use futures::StreamExt;
use kube::api::{ApiResource, DynamicObject};
use kube::runtime::WatchStreamExt;
use kube::runtime::watcher::{Config, Event, watcher};
use kube::{Api, Client};
use serde_json::Value;
use tokio::sync::watch;

use crate::error::causes;
use crate::kinds::Kind;

/// What a watch has seen.
#[derive(Default)]
pub(crate) struct Seen {
    pub(crate) objects: HashMap<String, Value>,
    /// Whether the first list is complete.
    pub(crate) complete: bool,
    /// Why the watch does not answer at the moment.
    pub(crate) trouble: Option<String>,
}

/// One shared watch. It ends with the last who holds it.
pub(crate) struct Watch {
    pub(crate) seen: Arc<Mutex<Seen>>,
    changed: watch::Receiver<u64>,
    task: tokio::task::JoinHandle<()>,
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Watch {
    /// A receiver that is woken by each change.
    pub(crate) fn changes(&self) -> watch::Receiver<u64> {
        self.changed.clone()
    }

    fn begin(client: Client, kind: &Kind, namespace: Option<&str>) -> Self {
        let seen = Arc::new(Mutex::new(Seen::default()));
        let (sender, changed) = watch::channel(0);
        let resource = ApiResource {
            group: kind.group.clone(),
            version: kind.version.clone(),
            api_version: if kind.group.is_empty() {
                kind.version.clone()
            } else {
                format!("{}/{}", kind.group, kind.version)
            },
            kind: kind.kind.clone(),
            plural: kind.plural.clone(),
        };
        let api: Api<DynamicObject> = match namespace {
            Some(namespace) => Api::namespaced_with(client, namespace, &resource),
            None => Api::all_with(client, &resource),
        };
        let filled = Arc::clone(&seen);
        let task = tokio::spawn(async move {
            let mut events = std::pin::pin!(watcher(api, Config::default()).default_backoff());
            while let Some(event) = events.next().await {
                learn(&filled, event);
                sender.send_modify(|version| *version += 1);
            }
        });
        Self { seen, changed, task }
    }
}

fn learn(seen: &Mutex<Seen>, event: Result<Event<DynamicObject>, kube::runtime::watcher::Error>) {
    let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
    seen.trouble = None;
    match event {
        Ok(Event::Apply(object) | Event::InitApply(object)) => {
            let name = object.metadata.name.clone().unwrap_or_default();
            if let Ok(value) = serde_json::to_value(object) {
                seen.objects.insert(name, value);
            }
        }
        Ok(Event::Delete(object)) => {
            seen.objects.remove(object.metadata.name.as_deref().unwrap_or_default());
        }
        Ok(Event::Init) => seen.objects.clear(),
        Ok(Event::InitDone) => seen.complete = true,
        Err(error) => seen.trouble = Some(causes(&error)),
    }
}

/// All watches of a run.
#[derive(Default)]
pub(crate) struct Hub {
    watches: Mutex<BTreeMap<(String, Option<String>), Arc<Watch>>>,
}

impl Hub {
    /// The watch of a kind in a namespace.
    pub(crate) fn watch(
        &self,
        client: &Client,
        kind: &Kind,
        namespace: Option<&str>,
    ) -> Arc<Watch> {
        let key = (
            format!("{}/{}/{}", kind.group, kind.version, kind.kind),
            namespace.map(str::to_owned),
        );
        let mut watches = self.watches.lock().unwrap_or_else(PoisonError::into_inner);
        let begin = || Arc::new(Watch::begin(client.clone(), kind, namespace));
        Arc::clone(watches.entry(key).or_insert_with(begin))
    }
}
