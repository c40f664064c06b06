//! Waits until what was written is ready, or what was deleted is gone.

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use stackctl_engine::{OnMissing, TargetError};
use stackctl_model::{
    Action, Adoption, GroupVersionKind, ObjectId, Operation, Overwrite, Replacement, ResourceId,
};
use stackctl_plan::kubernetes::kinds::{Beside, Readiness, ReadinessContext, readiness, rules};
use stackctl_plan::{PART_OF, mark_of};
use tokio::time::Instant;

use crate::Kubernetes;
use crate::error::{Doing, missing_right};
use crate::hub::Sighting;
use crate::kind::Kind;
use crate::kinds::Wanted;
use crate::memory::is_as_new;
use crate::request::object_path;

/// How long nothing may happen before the cause is looked for: longer than most pods take to start.
const QUIET_BEFORE_CAUSE: Duration = Duration::from_secs(5);

/// How often the cause is looked for again: each look is two requests.
const BETWEEN_CAUSES: Duration = Duration::from_secs(15);

/// How often a gateway is looked at, whose count of routes changes without the route itself.
const BETWEEN_LOOKS_AT_GATEWAYS: Duration = Duration::from_millis(200);

/// One wait.
struct Wait<'a> {
    id: &'a ObjectId,
    /// The answer to the write, where this run has written it.
    written: Option<Arc<Value>>,
    beside: Beside,
    context: ReadinessContext,
    tell: Teller<'a>,
}

impl Wait<'_> {
    /// When to look again although nothing was seen: what a route waits for happens at its gateway.
    fn next_look(&self) -> Instant {
        let pause = match self.beside {
            Beside::Gateways => BETWEEN_LOOKS_AT_GATEWAYS,
            Beside::Nothing | Beside::StorageClass => BETWEEN_CAUSES,
        };
        Instant::now() + pause
    }
}

/// Tells what is missing when the words change.
struct Teller<'a> {
    on_missing: OnMissing<'a>,
    said: String,
}

impl Teller<'_> {
    fn say(&mut self, words: &str) {
        if words != self.said {
            words.clone_into(&mut self.said);
            (self.on_missing)(self.said.clone());
        }
    }
}

impl Kubernetes {
    /// Waits for one action.
    pub(crate) async fn await_ready(
        &self,
        action: &Action,
        on_missing: OnMissing<'_>,
    ) -> Result<(), TargetError> {
        let ResourceId::Object(id) = &action.id else { return Ok(()) };
        match &action.operation {
            Operation::Create(object)
            | Operation::Update(Overwrite { object, .. })
            | Operation::Adopt(Adoption { over: Overwrite { object, .. }, .. })
            | Operation::Replace(Replacement { object, .. })
            | Operation::Wait(object) => {
                if rules(&id.group, &id.kind).is_awaited() {
                    self.await_object(id, &object.value, on_missing).await?;
                    self.memory.forget(&action.id);
                }
                Ok(())
            }
            Operation::Delete(deletion) => {
                if self.memory.is_gone(&action.id) {
                    return Ok(());
                }
                let uid = deletion.uid.as_deref();
                self.await_deleted(id, &deletion.kind, uid, on_missing).await
            }
            Operation::Retire(_)
            | Operation::TakeBack { .. }
            | Operation::Release(_)
            | Operation::OnMachine(_)
            | Operation::Held(_) => Ok(()),
        }
    }

    async fn await_object(
        &self,
        id: &ObjectId,
        desired: &Value,
        on_missing: OnMissing<'_>,
    ) -> Result<(), TargetError> {
        let what = ResourceId::Object(id.clone()).to_string();
        let beside = rules(&id.group, &id.kind).beside();
        let wait = Wait {
            id,
            written: self.memory.written(&ResourceId::Object(id.clone())),
            beside,
            context: self.readiness_context(beside, desired).await?,
            tell: Teller { on_missing, said: String::new() },
        };
        // Many are ready as soon as they are written, such as what did not change.
        if let Some(written) = &wait.written
            && readiness(written, wait.context) == Readiness::Ready
            && beside != Beside::Gateways
        {
            return Ok(());
        }
        let kind = GroupVersionKind::of(desired);
        let kind = self.known(id, kind.as_ref(), &what).await?;
        self.follow(wait, &kind, mark_of(desired), &what).await
    }

    /// Follows an object until it is ready.
    async fn follow(
        &self,
        mut wait: Wait<'_>,
        kind: &Kind,
        mark: Option<&str>,
        what: &str,
    ) -> Result<(), TargetError> {
        let selector = mark.map(|mark| format!("{PART_OF}={mark}"));
        let watch = self.hub.watch(
            self.api.client(),
            kind,
            (wait.id.namespace.as_deref(), selector.as_deref()),
        );
        let mut seen = watch.follow(wait.id.namespace.as_deref(), &wait.id.name);
        let mut trouble = watch.trouble();
        let mut look = Instant::now() + QUIET_BEFORE_CAUSE;
        loop {
            let sighting = seen.borrow_and_update().clone();
            let ailing = trouble.borrow_and_update().clone();
            let right =
                ailing.as_ref().and_then(|ailing| missing_right(ailing, Doing::Waiting(what)));
            if let Some(error) = right.filter(|_| !self.api.has_just_come_back()) {
                return Err(error);
            }
            let mut missing = match self.judge(&wait, &sighting).await? {
                Readiness::Ready => return Ok(()),
                Readiness::Failed(message) => {
                    return Err(TargetError::Refused { message, hint: None });
                }
                Readiness::Missing(words) => ailing.unwrap_or(words),
            };
            if Instant::now() >= look {
                look = Instant::now() + BETWEEN_CAUSES;
                if let Some(cause) = self.cause(wait.id, &sighting).await {
                    missing = format!("{missing}: {cause}");
                }
            } else if wait.tell.said.starts_with(&missing) {
                // Nothing new; the cause that was found stays in the words.
                missing.clone_from(&wait.tell.said);
            }
            wait.tell.say(&missing);
            let alive = tokio::select! {
                outcome = seen.changed() => outcome.is_ok(),
                outcome = trouble.changed() => outcome.is_ok(),
                () = tokio::time::sleep_until(look.min(wait.next_look())) => true,
            };
            if !alive {
                return Err(TargetError::Transient {
                    message: format!("the watch for {what} ended"),
                    retry_after: None,
                });
            }
        }
    }

    /// How far what was seen is. What is older than the write does not count.
    async fn judge(&self, wait: &Wait<'_>, sighting: &Sighting) -> Result<Readiness, TargetError> {
        let seen = match sighting {
            Sighting::Unknown => return Ok(Readiness::Missing("it is not seen yet".to_owned())),
            Sighting::Absent => return Ok(Readiness::Missing("it is not there".to_owned())),
            Sighting::Present(seen) => seen,
        };
        if wait.written.as_ref().is_some_and(|written| !is_as_new(seen, written)) {
            return Ok(Readiness::Missing("it is not seen yet".to_owned()));
        }
        let ready = readiness(seen, wait.context);
        match wait.beside {
            Beside::Gateways if ready == Readiness::Ready => self.attachment(wait.id, seen).await,
            Beside::Gateways | Beside::StorageClass | Beside::Nothing => Ok(ready),
        }
    }

    async fn await_deleted(
        &self,
        id: &ObjectId,
        kind: &GroupVersionKind,
        uid: Option<&str>,
        on_missing: OnMissing<'_>,
    ) -> Result<(), TargetError> {
        let what = ResourceId::Object(id.clone()).to_string();
        let mut tell = Teller { on_missing, said: String::new() };
        let found = self.kinds.find(self.api.client(), &Wanted::exactly(kind)).await;
        let Some(kind) = found.map_err(|failure| failure.into_error(Doing::Waiting(&what)))? else {
            return Ok(());
        };
        let path = object_path(&kind, id);
        let mut pause = Duration::from_millis(20);
        loop {
            let live = self.api.find(&path).await;
            let live = live.map_err(|failure| failure.into_error(Doing::Waiting(&what)))?;
            let Some(live) = live.filter(|live| is_same(live, uid)) else { return Ok(()) };
            tell.say(&going(&live));
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(Duration::from_secs(2));
        }
    }

    async fn known(
        &self,
        id: &ObjectId,
        kind: Option<&GroupVersionKind>,
        what: &str,
    ) -> Result<Kind, TargetError> {
        let wanted = kind.map_or_else(|| Wanted::any_version(&id.group, &id.kind), Wanted::exactly);
        let found = self.kinds.find(self.api.client(), &wanted).await;
        let found = found.map_err(|failure| failure.into_error(Doing::Waiting(what)))?;
        found.ok_or_else(|| TargetError::Refused {
            message: format!("the cluster does not know {}", id.kind),
            hint: None,
        })
    }
}

fn is_same(live: &Value, uid: Option<&str>) -> bool {
    uid.is_none_or(|uid| live["metadata"]["uid"] == uid)
}

fn going(live: &Value) -> String {
    let finalizers = live["metadata"]["finalizers"].as_array().map(Vec::as_slice);
    let finalizers: Vec<&str> =
        finalizers.unwrap_or_default().iter().filter_map(Value::as_str).collect();
    match finalizers[..] {
        [] | ["foregroundDeletion"] => "it is being deleted".to_owned(),
        _ => format!("it is being deleted, held by {}", finalizers.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use serde_json::json;

    use super::*;

    #[test]
    fn words_are_told_when_they_change() {
        let told = Mutex::new(Vec::new());
        let on_missing = |words: String| told.lock().unwrap().push(words);
        let mut tell = Teller { on_missing: &on_missing, said: String::new() };
        for words in ["a", "a", "b", "a"] {
            tell.say(words);
        }
        assert_eq!(*told.lock().unwrap(), ["a", "b", "a"]);
    }

    #[test]
    fn what_holds_a_deleted_object_is_named() {
        let held = json!({"metadata": {"finalizers": ["kubernetes.io/pvc-protection"]}});
        assert_eq!(going(&held), "it is being deleted, held by kubernetes.io/pvc-protection");
        let pods = json!({"metadata": {"finalizers": ["foregroundDeletion"]}});
        assert_eq!(going(&pods), "it is being deleted");
    }
}
