//! A plan in a file: what was approved, and whether it is still what would be done.
//!
//! It is applied by planning again and comparing: nothing is carried out that differs from what was saved.
//! What has already become as planned, by an apply that was cut off, is no difference.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use stackctl_model::{
    Action, ActionKind, Change, ChangeValue, Moved, Plan, PublishedAction, PublishedPlan,
    ResourceId,
};

use crate::PlanScope;
use crate::lints::NODE_MISSING;

/// A plan and what it holds for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SavedPlan {
    /// [`SavedPlan::FORMAT`].
    pub format: String,
    /// Which stackctl made it.
    pub version: String,
    /// How people call the target.
    pub target: String,
    /// What tells the target from every other.
    pub identity: String,
    /// A digest of every text that was read, by its path from the stack's folder.
    pub sources: BTreeMap<String, String>,
    /// What was asked for.
    #[serde(rename = "narrowing")]
    pub scope: PlanScope,
    /// Tells under which key the digests of secrets are; says nothing about the key.
    pub key: String,
    /// Keyed digests behind the numbers of secret values.
    pub secrets: BTreeMap<u32, String>,
    /// Uids of what is deleted or replaced.
    pub uids: BTreeMap<ResourceId, String>,
    /// What was approved.
    pub plan: PublishedPlan,
}

impl SavedPlan {
    /// The `format` of every saved plan this version makes.
    pub const FORMAT: &'static str = "stackctl.saved-plan/1";

    /// What a plan deletes or replaces, by uid.
    pub fn uids_of(plan: &Plan) -> BTreeMap<ResourceId, String> {
        let uid =
            |action: &Action| Some((action.id.clone(), action.operation.removed_uid()?.to_owned()));
        plan.actions.iter().filter_map(uid).collect()
    }

    /// Texts that are no longer as they were, or are new or gone.
    pub fn moved_sources(&self, now: &BTreeMap<String, String>) -> Vec<String> {
        let names: std::collections::BTreeSet<_> = self.sources.keys().chain(now.keys()).collect();
        let differs = |name: &&&String| self.sources.get(**name) != now.get(**name);
        names.iter().filter(differs).map(|name| (*name).clone()).collect()
    }

    /// Everything in which a plan made now differs from this one. `key` tells the key of its digests.
    pub fn moved(&self, now: &Plan, key: &str) -> Vec<Moved> {
        let mut compared = Compared {
            saved: self,
            now,
            is_same_key: key == self.key,
            numbers: BTreeMap::new(),
            moved: Vec::new(),
        };
        let then: BTreeMap<_, _> =
            self.plan.actions.iter().map(|action| (&action.id, action)).collect();
        let uids = Self::uids_of(now);
        for action in &now.actions {
            let kind = action.kind();
            match then.get(&action.id) {
                Some(saved) if saved.action == kind => {
                    compared.same_action(saved, action);
                    compared.same_object(&action.id, self.uids.get(&action.id), &uids);
                }
                Some(saved) => compared.whole(
                    &action.id,
                    Words {
                        at_plan: state(saved.action),
                        now: state(kind),
                        planned: outcome(saved.action),
                    },
                ),
                None => compared.unplanned(action),
            }
        }
        // What has become as planned is nowhere any more. What nobody looked at has not, nor has a Node that
        // is no longer in the cluster; a setting that was written may still be told of, as overridden.
        let gone = now.findings.iter().filter(|finding| finding.code == NODE_MISSING.code);
        let ids = now.unmanaged.iter().chain(gone).filter_map(|finding| finding.id.as_ref());
        for saved in ids.filter_map(|id| then.get(id)) {
            let (at_plan, planned) = (state(saved.action), outcome(saved.action));
            compared.whole(&saved.id, Words { at_plan, now: "not seen", planned });
        }
        compared.moved
    }
}

struct Compared<'a> {
    saved: &'a SavedPlan,
    now: &'a Plan,
    is_same_key: bool,
    /// Numbers for the secrets of both plans, by digest.
    numbers: BTreeMap<String, u32>,
    moved: Vec<Moved>,
}

/// What became of a whole resource, in words.
#[derive(Clone, Copy)]
struct Words {
    at_plan: &'static str,
    now: &'static str,
    planned: &'static str,
}

/// What became of one field.
struct Values {
    at_plan: ChangeValue,
    now: ChangeValue,
    planned: ChangeValue,
}

impl Compared<'_> {
    fn whole(&mut self, id: &ResourceId, words: Words) {
        let word = |text: &str| ChangeValue::Value(text.into());
        self.moved.push(Moved {
            id: id.clone(),
            path: String::new(),
            at_plan: word(words.at_plan),
            now: word(words.now),
            planned: word(words.planned),
        });
    }

    /// The same action: each field is held against what it was.
    fn same_action(&mut self, saved: &PublishedAction, now: &Action) {
        let (then, now_by_path) = (by_path(&saved.changes), by_path(&now.changes));
        for (path, change) in &now_by_path {
            let Some(then) = then.get(path) else {
                self.unplanned_change(&now.id, change);
                continue;
            };
            let is_same_before = self.is_same(&then.before, &change.before);
            if is_same_before && self.is_same(&then.after, &change.after) {
                continue;
            }
            // A source that gives another value moved, not what is live.
            let (at_plan, found) = if is_same_before {
                (&then.after, &change.after)
            } else {
                (&then.before, &change.before)
            };
            let (at_plan, found) = (self.then(at_plan), self.now(found));
            let planned = self.then(&then.after);
            self.field(&now.id, path.clone(), Values { at_plan, now: found, planned });
        }
        for (path, change) in then.iter().filter(|(path, _)| !now_by_path.contains_key(*path)) {
            let (at_plan, planned) = (self.then(&change.before), self.then(&change.after));
            let values = Values { at_plan, now: planned.clone(), planned };
            self.field(&now.id, path.clone(), values);
        }
    }

    fn same_object(
        &mut self,
        id: &ResourceId,
        saved: Option<&String>,
        now: &BTreeMap<ResourceId, String>,
    ) {
        if saved != now.get(id) {
            let words = Words {
                at_plan: "one object",
                now: "another object of that name",
                planned: "not that one",
            };
            self.whole(id, words);
        }
    }

    /// Something to do that the saved plan does not have: it was as asked for when that was made.
    fn unplanned(&mut self, action: &Action) {
        if action.changes.is_empty() || action.kind() != ActionKind::Update {
            let (at_plan, now) = match action.kind() {
                ActionKind::Create => ("there, as asked for", "gone"),
                other => ("nothing to do", state(other)),
            };
            return self.whole(&action.id, Words { at_plan, now, planned: "nothing to do" });
        }
        for change in &action.changes {
            self.unplanned_change(&action.id, change);
        }
    }

    fn unplanned_change(&mut self, id: &ResourceId, change: &Change) {
        let (now, planned) = (self.now(&change.before), self.now(&change.after));
        let values = Values { at_plan: planned.clone(), now, planned };
        self.field(id, change.path.to_string(), values);
    }

    fn field(&mut self, id: &ResourceId, path: String, values: Values) {
        let Values { at_plan, now, planned } = values;
        self.moved.push(Moved { id: id.clone(), path, at_plan, now, planned });
    }

    fn then(&mut self, value: &ChangeValue) -> ChangeValue {
        numbered(&mut self.numbers, &self.saved.secrets, value)
    }

    fn now(&mut self, value: &ChangeValue) -> ChangeValue {
        numbered(&mut self.numbers, &self.now.secrets, value)
    }

    /// Secrets are the same when their digests are, or, under another key, when their numbers may be.
    fn is_same(&self, then: &ChangeValue, now: &ChangeValue) -> bool {
        match (then, now) {
            (ChangeValue::Secret(then), ChangeValue::Secret(now)) => {
                !self.is_same_key || self.saved.secrets.get(then) == self.now.secrets.get(now)
            }
            (then, now) => then == now,
        }
    }
}

fn by_path(changes: &[Change]) -> BTreeMap<String, &Change> {
    changes.iter().map(|change| (change.path.to_string(), change)).collect()
}

/// A value with a number that both plans share.
fn numbered(
    numbers: &mut BTreeMap<String, u32>,
    digests: &BTreeMap<u32, String>,
    value: &ChangeValue,
) -> ChangeValue {
    let ChangeValue::Secret(number) = value else { return value.clone() };
    let Some(digest) = digests.get(number) else { return value.clone() };
    let next = u32::try_from(numbers.len() + 1).unwrap_or(u32::MAX);
    ChangeValue::Secret(*numbers.entry(digest.clone()).or_insert(next))
}

/// How a resource is before an action.
fn state(action: ActionKind) -> &'static str {
    match action {
        ActionKind::Create => "not there",
        ActionKind::Update | ActionKind::Replace => "there, and differs",
        ActionKind::Adopt => "there, of no stack",
        ActionKind::Delete | ActionKind::Retire => "there, no longer asked for",
        ActionKind::Wait | ActionKind::Deferred => "there",
    }
}

/// How a resource is after an action.
fn outcome(action: ActionKind) -> &'static str {
    match action {
        ActionKind::Create => "created",
        ActionKind::Update => "updated",
        ActionKind::Replace => "replaced",
        ActionKind::Adopt => "adopted",
        ActionKind::Delete => "deleted",
        ActionKind::Retire => "retired",
        ActionKind::Wait | ActionKind::Deferred => "left",
    }
}
