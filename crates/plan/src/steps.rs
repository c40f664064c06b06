//! The steps of a plan: what differs, what is decided about each resource, what is gone and how it leaves,
//! what is allowed, what comes first, what it adds up to. What a step holds back stays in the plan as a held
//! action that says why, or as a finding.

use std::collections::{BTreeMap, BTreeSet};

use stackctl_model::{
    Action, Consent, Cost, Desired, Finding, Live, Plan, Preview, Resource, ResourceId, Severity,
};

use crate::action::summary;
use crate::decision::Decision;
use crate::graph::Bridges;
use crate::systems::{self, Decider, Differences};
use crate::{Goal, Prepared};

/// What is asked for, held against what is live.
pub struct Compared<'a> {
    prepared: &'a Prepared,
    live: &'a Live,
    differences: Differences<'a>,
}

/// A plan on its way through the steps.
#[derive(Default)]
struct Draft {
    /// What is done to what is asked for.
    asked: Vec<Action>,
    /// What is done to what is no longer asked for.
    leaving: Vec<Action>,
    unmanaged: Vec<Finding>,
    findings: Vec<Finding>,
    notes: Vec<Finding>,
    unchanged: usize,
    /// Keyed digests behind the numbers of secret values.
    secrets: BTreeMap<u32, String>,
}

impl Prepared {
    /// Compares all that is asked for with what is live, once for all of a planning.
    pub fn compare<'a>(&'a self, live: &'a Live) -> Compared<'a> {
        Compared { prepared: self, live, differences: Differences::of(self, live) }
    }
}

impl<'a> Compared<'a> {
    /// Resources that are absent or differ, and that the server can be asked about.
    pub fn to_preview(&self) -> Vec<&'a Resource> {
        self.differences.to_preview(self.prepared, self.live)
    }

    /// The finished plan: nothing changes it afterwards.
    pub fn plan(self, previews: &BTreeMap<ResourceId, Preview>) -> Plan {
        let Self { prepared, live, differences } = self;
        let decider = Decider::new(prepared, live, differences, previews);
        let mut draft = decided(prepared, live, decider);
        let gone = systems::gone(prepared, live);
        draft.leaving = systems::leaving(prepared, &gone);
        draft.findings.extend(systems::findings(prepared, live));
        draft.notes = systems::notes(prepared, live, previews);
        draft.notes.extend(unread(prepared));
        let draft = allowed(prepared, live, draft);
        let draft = ordered(prepared, draft);
        summed(prepared, live, draft)
    }
}

/// Decides about each resource that is meant. What no system manages, and what a person has to do, is said.
fn decided(prepared: &Prepared, live: &Live, mut decider: Decider<'_>) -> Draft {
    let mut draft = Draft::default();
    if prepared.goal != Goal::Apply {
        return draft;
    }
    for resource in prepared.chosen.iter().filter_map(|id| prepared.resources.get(id)) {
        match systems::decide(prepared, resource, live, &mut decider) {
            Decision::Act(action) => draft.asked.push(*action),
            Decision::Leave { code, reason } => {
                draft.unmanaged.push(said(resource, code, Severity::Note, reason));
            }
            Decision::Finding { code, reason } => {
                draft.findings.push(said(resource, code, Severity::Error, reason));
            }
            Decision::Nothing => draft.unchanged += 1,
        }
    }
    draft.secrets = decider.into_digests();
    draft
}

/// Holds back what would take more with it than it may, and notes which data was named as what may be lost.
fn allowed(prepared: &Prepared, live: &Live, mut draft: Draft) -> Draft {
    systems::hold_leaving(prepared, live, &mut draft.leaving);
    for action in draft.asked.iter_mut().chain(&mut draft.leaving) {
        if prepared.may_lose(&action.id, action.app.as_deref()) {
            consent(action);
        }
    }
    draft
}

/// Puts what a resource needs before it, and what needs another before that other leaves.
fn ordered(prepared: &Prepared, mut draft: Draft) -> Draft {
    let ids: BTreeSet<ResourceId> = draft.asked.iter().map(|action| action.id.clone()).collect();
    let mut bridges = Bridges::new(&prepared.resources, &ids);
    for action in &mut draft.asked {
        action.after = bridges.before(&action.id);
    }
    systems::order_leaving(prepared, &mut draft.leaving);
    draft
}

/// Sorts and counts.
fn summed(prepared: &Prepared, live: &Live, draft: Draft) -> Plan {
    let Draft { asked, leaving, unmanaged, mut findings, notes, unchanged, secrets } = draft;
    let mut actions = asked;
    actions.extend(leaving);
    actions.sort_by(|a, b| a.id.cmp(&b.id));
    findings.sort_by(|a, b| a.id.cmp(&b.id));
    let mut summary = summary(actions.iter().map(Action::kind));
    summary.unchanged = unchanged;
    summary.unmanaged = unmanaged.len();
    summary.findings = findings.len();
    Plan {
        stack: prepared.mark.name.clone(),
        summary,
        actions,
        unmanaged,
        findings,
        notes,
        owned: live.cluster.objects.len(),
        secrets,
    }
}

/// What could not be read, said once for each hole; it is read for good before anything is written.
fn unread(prepared: &Prepared) -> Vec<Finding> {
    let mut notes = Vec::new();
    for resource in prepared.resources.values() {
        let Desired::Object(object) = &resource.desired else { continue };
        for (key, source) in &object.secrets {
            let Some(error) = prepared.unreadable.get(source) else { continue };
            let message = format!(
                "{} needs a value for {key}, but {error}; a changed value is not seen, and \
                 an apply that writes it will stop before anything is written.",
                resource.id
            );
            notes.push(Finding::note("unread-secret", message).about(resource.id.clone()));
        }
    }
    notes
}

/// Notes that the data an action could cost was named as what may be lost.
fn consent(action: &mut Action) {
    match action.cost {
        Cost::Data(_) => action.cost = Cost::Data(Consent::Given),
        Cost::Nothing | Cost::Disruption => {}
    }
}

fn said(resource: &Resource, code: &'static str, severity: Severity, reason: String) -> Finding {
    Finding::new(code, severity, reason)
        .also(resource.origin.clone(), "")
        .about(resource.id.clone())
        .of_app(resource.app.clone())
}
