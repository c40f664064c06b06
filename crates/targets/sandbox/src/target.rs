//! The sandbox as the engine sees it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use futures::FutureExt;
use futures::future::BoxFuture;
use serde_json::{Value, json};
use stackctl_engine::{DigestKey, SecretData, Target, TargetError};
use stackctl_model::{
    Action, Adoption, Answer, Desired, Object, ObjectId, Operation, Overwrite, Preview, Question,
    Resource, ResourceId,
};
use stackctl_plan::kubernetes::{has_moved, merge_patch};
use stackctl_plan::mark_of;

use crate::SandboxError;
use crate::apply::{has_home, marked, refused, same_uid, written};
use crate::observe::{live, without_data};
use crate::store::Store;

/// A folder that plays all systems.
pub struct Sandbox {
    pub(crate) folder: PathBuf,
    pub(crate) key: DigestKey,
    store: Mutex<Store>,
}

impl Sandbox {
    /// Opens a sandbox. A folder that is not there yet is an empty one, and is made by the first write.
    pub fn open(folder: &Path) -> Result<Self, SandboxError> {
        let key = DigestKey::open(&folder.join("key"))?;
        Ok(Self { folder: folder.to_owned(), key, store: Mutex::new(Store::open(folder)?) })
    }

    pub(crate) fn store(&self) -> MutexGuard<'_, Store> {
        // A panic elsewhere leaves no half-made object behind, so the store stays usable.
        self.store.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn answer(&self, question: &Question) -> Result<Answer, TargetError> {
        Ok(match question {
            Question::Kubernetes(asked) => {
                let mut store = self.store();
                if asked.is_first {
                    store.refresh()?;
                }
                Answer::Kubernetes(Box::new(live(&store, asked)?))
            }
            Question::Machine(asked) => Answer::Machine(self.look_at_machines(asked)),
            // Nothing of them is kept here yet.
            Question::Authentik | Question::App => question.unasked(),
        })
    }

    fn preview_one(
        &self,
        resource: &Resource,
        secrets: &SecretData,
    ) -> Result<Option<Preview>, TargetError> {
        let (ResourceId::Object(id), Desired::Object(object)) = (&resource.id, &resource.desired)
        else {
            return Ok(None);
        };
        let store = self.store();
        if has_home(&store, id).is_err() {
            return Ok(Some(Preview::Unconfirmed("its namespace does not exist yet".to_owned())));
        }
        let live = found(&store, id)?;
        drop(store);
        let after = written(&self.key, id, live.as_ref(), object, secrets);
        let after = after.map(|after| without_data(id, after).0);
        let is_ours = live.as_ref().is_none_or(|live| mark_of(live) == mark_of(&object.value));
        Ok(Some(match (live, after) {
            (Some(live), after) if !is_ours => {
                let (live, digests) = without_data(id, live);
                let owner = mark_of(&live)
                    .and_then(|_| live["metadata"]["labels"]["app.kubernetes.io/instance"].as_str())
                    .map(str::to_owned);
                Preview::Existing { live, after: after.unwrap_or(Value::Null), owner, digests }
            }
            (_, Ok(after)) => Preview::Object(after),
            (_, Err(error)) => Preview::Refused(error.to_string()),
        }))
    }

    fn carry_out(&self, action: &Action, secrets: &SecretData) -> Result<(), TargetError> {
        match &action.id {
            ResourceId::Object(id) => self.write_object(id, action, secrets),
            ResourceId::Machine(id) => self.write_machine(id, &action.operation),
            ResourceId::Authentik { .. } | ResourceId::App { .. } | ResourceId::Stack { .. } => {
                Err(refused(format!("{} is not managed yet", action.id)))
            }
        }
    }

    fn write_object(
        &self,
        id: &ObjectId,
        action: &Action,
        secrets: &SecretData,
    ) -> Result<(), TargetError> {
        let mut store = self.store();
        self.begin_writing(&mut store)?;
        match &action.operation {
            Operation::Create(object) => {
                let live = found(&store, id)?;
                refuse_unless_absent(object, live.as_ref())?;
                self.put(&mut store, id, live.as_ref(), object, secrets)
            }
            Operation::Update(over) | Operation::Adopt(Adoption { over, .. }) => {
                let mut live = found(&store, id)?;
                refuse_unless_as_planned(over, id, live.as_ref())?;
                if let (Some(live), Some(patch)) = (&mut live, &over.patch_first) {
                    merge_patch(live, patch);
                }
                self.put(&mut store, id, live.as_ref(), &over.object, secrets)
            }
            Operation::Replace(replacement) => {
                remove(&mut store, id, replacement.seen.uid.as_ref())?;
                self.put(&mut store, id, None, &replacement.object, secrets)
            }
            Operation::Delete(deletion) => remove(&mut store, id, deletion.uid.as_ref()),
            Operation::Retire(mark)
            | Operation::Release(mark)
            | Operation::TakeBack { mark, .. } => match store.get(id)? {
                Some(live) => {
                    same_uid(&live, mark.uid.as_ref())?;
                    Ok(store.put(id, marked(live, &mark.patch))?)
                }
                None => Err(refused("it is gone; there is nothing to keep".to_owned())),
            },
            Operation::OnMachine(_) | Operation::Wait(_) | Operation::Held(_) => Ok(()),
        }
    }

    /// Makes sure that nobody else writes and that digests have their key.
    pub(crate) fn begin_writing(&self, store: &mut Store) -> Result<(), TargetError> {
        if !store.is_locked() {
            store.lock()?;
            self.key.keep().map_err(SandboxError::from)?;
        }
        Ok(())
    }

    fn put(
        &self,
        store: &mut Store,
        id: &ObjectId,
        live: Option<&Value>,
        object: &Object,
        secrets: &SecretData,
    ) -> Result<(), TargetError> {
        has_home(store, id)?;
        let object = written(&self.key, id, live, object, secrets)?;
        Ok(store.put(id, object)?)
    }
}

/// What is there. A machine's Node object is the cluster's own, so one that nobody wrote is there too.
fn found(store: &Store, id: &ObjectId) -> Result<Option<Value>, SandboxError> {
    let live = store.get(id)?;
    let is_node = id.is_kind("", "Node");
    Ok(live.or_else(|| {
        is_node.then(|| json!({"apiVersion": "v1", "kind": "Node", "metadata": {"name": id.name}}))
    }))
}

/// Refuses to write over what somebody else has made since the plan.
fn refuse_unless_absent(object: &Object, live: Option<&Value>) -> Result<(), TargetError> {
    match live {
        Some(live) if mark_of(live) != mark_of(&object.value) => {
            Err(moved("somebody else made it since the plan"))
        }
        Some(_) | None => Ok(()),
    }
}

/// Refuses to write over what is no longer as it was planned for.
fn refuse_unless_as_planned(
    over: &Overwrite,
    id: &ObjectId,
    live: Option<&Value>,
) -> Result<(), TargetError> {
    let Some(live) = live else { return Err(moved("it was deleted since the plan")) };
    let (live, digests) = without_data(id, live.clone());
    if has_moved(&over.seen, &over.object.value, &live) || digests != over.seen.digests {
        return Err(moved("somebody else changed it since the plan"));
    }
    Ok(())
}

fn moved(what: &str) -> TargetError {
    TargetError::Moved { message: format!("{what}; it was not changed") }
}

/// Deletes an object if it is still the one with this uid.
fn remove(store: &mut Store, id: &ObjectId, uid: Option<&String>) -> Result<(), TargetError> {
    if let Some(live) = store.get(id)? {
        same_uid(&live, uid)?;
        store.remove(id)?;
    }
    Ok(())
}

impl Target for Sandbox {
    fn look<'a>(&'a self, question: &'a Question) -> BoxFuture<'a, Result<Answer, TargetError>> {
        async { self.answer(question) }.boxed()
    }

    fn preview<'a>(
        &'a self,
        batch: &'a [(&'a Resource, SecretData)],
    ) -> BoxFuture<'a, Result<BTreeMap<ResourceId, Preview>, TargetError>> {
        async move {
            let mut previews = BTreeMap::new();
            for (resource, secrets) in batch {
                if let Some(preview) = self.preview_one(resource, secrets)? {
                    previews.insert(resource.id.clone(), preview);
                }
            }
            Ok(previews)
        }
        .boxed()
    }

    fn apply<'a>(
        &'a self,
        action: &'a Action,
        secrets: &'a SecretData,
    ) -> BoxFuture<'a, Result<(), TargetError>> {
        async { self.carry_out(action, secrets) }.boxed()
    }

    fn limit(&self) -> usize {
        1
    }
}
