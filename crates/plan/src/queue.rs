//! What is ready to be done next: the pure half of the executor. Goes in: a plan's actions and how each
//! ended; comes out: which may start, and which never will.

use std::collections::{BTreeMap, BTreeSet};

use stackctl_model::{Plan, ResourceId};

/// The queue of a plan's actions. Every action is visited once and every edge twice.
#[derive(Clone, Debug)]
pub struct Queue {
    waiting: BTreeMap<ResourceId, BTreeSet<ResourceId>>,
    dependents: BTreeMap<ResourceId, Vec<ResourceId>>,
    ready: BTreeSet<ResourceId>,
    running: BTreeSet<ResourceId>,
}

/// An action that will not be begun.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// The action.
    pub id: ResourceId,
    /// The one that did not end well.
    pub because: ResourceId,
}

impl Queue {
    /// A queue of all actions of a plan.
    pub fn new(plan: &Plan) -> Self {
        let known: BTreeSet<&ResourceId> = plan.actions.iter().map(|action| &action.id).collect();
        let mut queue = Self {
            waiting: BTreeMap::new(),
            dependents: BTreeMap::new(),
            ready: BTreeSet::new(),
            running: BTreeSet::new(),
        };
        for action in &plan.actions {
            let needs: BTreeSet<ResourceId> =
                action.after.iter().filter(|id| known.contains(id)).cloned().collect();
            for need in &needs {
                queue.dependents.entry(need.clone()).or_default().push(action.id.clone());
            }
            if needs.is_empty() {
                queue.ready.insert(action.id.clone());
            } else {
                queue.waiting.insert(action.id.clone(), needs);
            }
        }
        queue
    }

    /// Actions that may start now, in the order of their ids.
    pub fn ready(&self) -> impl Iterator<Item = &ResourceId> {
        self.ready.iter()
    }

    /// Takes the next action that may start, if there is one, and marks it as running.
    pub fn start_next(&mut self) -> Option<ResourceId> {
        let id = self.ready.pop_first()?;
        self.running.insert(id.clone());
        Some(id)
    }

    /// Marks an action as running.
    pub fn start(&mut self, id: &ResourceId) {
        if let Some(id) = self.ready.take(id) {
            self.running.insert(id);
        }
    }

    /// Notes how a running action ended. After a bad end, all that needed it, directly or through
    /// others, is skipped and returned.
    pub fn finish(&mut self, id: &ResourceId, ended: Ended) -> Vec<Skipped> {
        self.running.remove(id);
        self.ready.remove(id);
        match ended {
            Ended::Well => {
                self.release(id);
                Vec::new()
            }
            Ended::Badly => self.skip_dependents(id),
        }
    }

    /// Gives up on all that has not started; returns it.
    pub fn stop(&mut self) -> Vec<ResourceId> {
        let ready = std::mem::take(&mut self.ready);
        let waiting = std::mem::take(&mut self.waiting);
        self.dependents.clear();
        ready.into_iter().chain(waiting.into_keys()).collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// Whether nothing runs and nothing is left to start.
    pub fn is_done(&self) -> bool {
        self.ready.is_empty() && self.running.is_empty() && self.waiting.is_empty()
    }

    fn release(&mut self, id: &ResourceId) {
        for dependent in self.dependents.remove(id).unwrap_or_default() {
            let Some(needs) = self.waiting.get_mut(&dependent) else { continue };
            needs.remove(id);
            if needs.is_empty() {
                self.waiting.remove(&dependent);
                self.ready.insert(dependent);
            }
        }
    }

    fn skip_dependents(&mut self, id: &ResourceId) -> Vec<Skipped> {
        let mut skipped = Vec::new();
        let mut next = self.dependents.remove(id).unwrap_or_default();
        while let Some(dependent) = next.pop() {
            if self.waiting.remove(&dependent).is_some() {
                next.extend(self.dependents.remove(&dependent).unwrap_or_default());
                skipped.push(Skipped { id: dependent, because: id.clone() });
            }
        }
        skipped.sort_by(|a, b| a.id.cmp(&b.id));
        skipped
    }
}

/// How an action ended, as far as those that need it care.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// Written and ready.
    Well,
    /// Anything else.
    Badly,
}
