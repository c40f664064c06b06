//! Watches that many waiters share: one for all objects of a kind in a namespace that carry the stack's mark, begun by
//! the first who waits. Each waiter is woken only by its own object.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures::StreamExt;
use kube::api::{ApiResource, DynamicObject, TypeMeta};
use kube::runtime::WatchStreamExt;
use kube::runtime::watcher::{self, Event, watcher};
use kube::{Api, Client};
use serde_json::Value;
use tokio::sync::watch;

use crate::connection::causes;
use crate::kind::Kind;

/// What is known of one object.
#[derive(Clone, Debug)]
pub(crate) enum Sighting {
    /// The first list is not there yet.
    Unknown,
    /// It is not there.
    Absent,
    /// As it was last seen, without `managedFields`.
    Present(Arc<Value>),
}

/// The namespace and the labels of what is watched.
pub(crate) type Scope<'a> = (Option<&'a str>, Option<&'a str>);

/// Which object of its kind.
#[derive(Clone, PartialEq, Eq, Hash)]
struct ObjectName {
    namespace: Option<String>,
    name: String,
}

/// What a watch has seen, and who wants to know.
#[derive(Default)]
struct Board {
    objects: HashMap<ObjectName, watch::Sender<Sighting>>,
    /// Seen while a list is read.
    listed: HashSet<ObjectName>,
    is_complete: bool,
}

/// One shared watch.
pub(crate) struct Watch {
    board: Arc<Mutex<Board>>,
    trouble: watch::Receiver<Option<String>>,
    task: tokio::task::JoinHandle<()>,
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn lock(board: &Mutex<Board>) -> MutexGuard<'_, Board> {
    board.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Watch {
    /// What is known of an object now and later.
    pub(crate) fn follow(&self, namespace: Option<&str>, name: &str) -> watch::Receiver<Sighting> {
        let mut board = lock(&self.board);
        let unseen = if board.is_complete { Sighting::Absent } else { Sighting::Unknown };
        let object = ObjectName { namespace: namespace.map(str::to_owned), name: name.to_owned() };
        board.objects.entry(object).or_insert_with(|| watch::channel(unseen).0).subscribe()
    }

    /// Why the watch does not answer at the moment.
    pub(crate) fn trouble(&self) -> watch::Receiver<Option<String>> {
        self.trouble.clone()
    }

    fn begin(client: Client, kind: &Kind, (namespace, selector): Scope<'_>) -> Self {
        let resource = ApiResource {
            group: kind.group.clone(),
            version: kind.version.clone(),
            api_version: kind.api_version(),
            kind: kind.kind.clone(),
            plural: kind.plural.clone(),
        };
        let api: Api<DynamicObject> = match namespace.filter(|_| kind.namespaced) {
            Some(namespace) => Api::namespaced_with(client, namespace, &resource),
            None => Api::all_with(client, &resource),
        };
        let config = selector.map_or_else(watcher::Config::default, |selector| {
            watcher::Config::default().labels(selector)
        });
        let types = TypeMeta { api_version: kind.api_version(), kind: kind.kind.clone() };
        let board = Arc::new(Mutex::new(Board::default()));
        let seen = Arc::clone(&board);
        let (tell, trouble) = watch::channel(None);
        let task = tokio::spawn(async move {
            let mut events = std::pin::pin!(watcher(api, config).default_backoff());
            while let Some(event) = events.next().await {
                match event {
                    Ok(event) => {
                        lock(&seen).learn(event, &types);
                        tell.send_if_modified(|trouble| trouble.take().is_some());
                    }
                    Err(error) => {
                        tell.send_replace(Some(causes(&error)));
                    }
                }
            }
        });
        Self { board, trouble, task }
    }
}

impl Board {
    fn learn(&mut self, event: Event<DynamicObject>, types: &TypeMeta) {
        match event {
            Event::Init => self.listed.clear(),
            Event::InitApply(object) => {
                let name = name_of(&object);
                self.listed.insert(name.clone());
                self.tell(name, present(object, types));
            }
            Event::InitDone => {
                for (name, sender) in &self.objects {
                    if !self.listed.contains(name) {
                        sender.send_replace(Sighting::Absent);
                    }
                }
                self.listed.clear();
                self.is_complete = true;
            }
            Event::Apply(object) => self.tell(name_of(&object), present(object, types)),
            Event::Delete(object) => self.tell(name_of(&object), Sighting::Absent),
        }
    }

    fn tell(&mut self, name: ObjectName, sighting: Sighting) {
        let sender =
            self.objects.entry(name).or_insert_with(|| watch::channel(Sighting::Unknown).0);
        sender.send_replace(sighting);
    }
}

fn name_of(object: &DynamicObject) -> ObjectName {
    ObjectName {
        namespace: object.metadata.namespace.clone(),
        name: object.metadata.name.clone().unwrap_or_default(),
    }
}

/// Items of a list do not say their kind; readiness needs it.
fn present(mut object: DynamicObject, types: &TypeMeta) -> Sighting {
    object.metadata.managed_fields = None;
    object.types = Some(types.clone());
    // Metadata of this type serialise, and the rest is a JSON value already.
    serde_json::to_value(object)
        .map_or(Sighting::Unknown, |object| Sighting::Present(Arc::new(object)))
}

/// All watches of a run.
#[derive(Default)]
pub(crate) struct Hub {
    watches: Mutex<BTreeMap<String, Arc<Watch>>>,
}

impl Hub {
    /// The watch of a kind in a namespace, of objects with these labels only.
    pub(crate) fn watch(&self, client: &Client, kind: &Kind, scope: Scope<'_>) -> Arc<Watch> {
        let (namespace, selector) = scope;
        let key = format!(
            "{}/{}/{}?{}",
            kind.api_version(),
            namespace.unwrap_or_default(),
            kind.plural,
            selector.unwrap_or_default()
        );
        let mut watches = self.watches.lock().unwrap_or_else(PoisonError::into_inner);
        let begin = || Arc::new(Watch::begin(client.clone(), kind, scope));
        Arc::clone(watches.entry(key).or_insert_with(begin))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(name: &str) -> DynamicObject {
        serde_json::from_value(serde_json::json!({
            "metadata": {"name": name, "namespace": "media", "managedFields": [{"manager": "x"}]},
            "spec": {"replicas": 1},
        }))
        .unwrap()
    }

    fn types() -> TypeMeta {
        TypeMeta { api_version: "apps/v1".to_owned(), kind: "Deployment".to_owned() }
    }

    fn follow(board: &mut Board, name: &str) -> watch::Receiver<Sighting> {
        let object = ObjectName { namespace: Some("media".to_owned()), name: name.to_owned() };
        board
            .objects
            .entry(object)
            .or_insert_with(|| watch::channel(Sighting::Unknown).0)
            .subscribe()
    }

    #[test]
    fn an_item_of_a_list_gets_its_kind_and_loses_its_managers() {
        let mut board = Board::default();
        let seen = follow(&mut board, "x");
        board.learn(Event::InitApply(object("x")), &types());
        let Sighting::Present(object) = seen.borrow().clone() else { panic!() };
        assert_eq!(object["kind"], "Deployment");
        assert_eq!(object["apiVersion"], "apps/v1");
        assert!(object["metadata"].get("managedFields").is_none());
    }

    #[test]
    fn what_the_first_list_lacks_is_absent() {
        let mut board = Board::default();
        let seen = follow(&mut board, "x");
        board.learn(Event::Init, &types());
        board.learn(Event::InitApply(object("y")), &types());
        assert!(matches!(*seen.borrow(), Sighting::Unknown));
        board.learn(Event::InitDone, &types());
        assert!(matches!(*seen.borrow(), Sighting::Absent));
    }

    #[test]
    fn what_a_later_list_lacks_is_gone() {
        let mut board = Board::default();
        let seen = follow(&mut board, "x");
        for event in [Event::Init, Event::InitApply(object("x")), Event::InitDone] {
            board.learn(event, &types());
        }
        board.learn(Event::Init, &types());
        board.learn(Event::InitDone, &types());
        assert!(matches!(*seen.borrow(), Sighting::Absent));
    }

    #[test]
    fn only_the_one_who_follows_an_object_is_woken() {
        let mut board = Board::default();
        let (mut x, mut y) = (follow(&mut board, "x"), follow(&mut board, "y"));
        x.mark_unchanged();
        y.mark_unchanged();
        board.learn(Event::Apply(object("x")), &types());
        assert!(x.has_changed().unwrap());
        assert!(!y.has_changed().unwrap());
    }
}
