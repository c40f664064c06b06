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
use crate::{Goal, Planner};

/// What is asked for, held against what is live.
pub struct Compared<'a> {
    planner: &'a Planner,
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

impl Planner {
    /// Compares all that is asked for with what is live, once for all of a planning.
    pub fn compare<'a>(&'a self, live: &'a Live) -> Compared<'a> {
        Compared { planner: self, live, differences: Differences::of(self, live) }
    }
}

impl<'a> Compared<'a> {
    /// Resources that are absent or differ, and that the server can be asked about.
    pub fn to_preview(&self) -> Vec<&'a Resource> {
        self.differences.to_preview(self.planner, self.live)
    }

    /// The finished plan: nothing changes it afterwards.
    pub fn plan(self, previews: &BTreeMap<ResourceId, Preview>) -> Plan {
        let Self { planner, live, differences } = self;
        let decider = Decider::new(planner, live, differences, previews);
        let mut draft = decided(planner, live, decider);
        let gone = systems::gone(planner, live);
        draft.leaving = systems::leaving(planner, &gone);
        draft.findings.extend(systems::findings(planner, live));
        draft.notes = systems::notes(planner, live, previews);
        draft.notes.extend(unread(planner));
        let draft = allowed(planner, live, draft);
        let draft = ordered(planner, draft);
        summed(planner, live, draft)
    }
}

/// Decides about each resource that is meant. What no system manages, and what a person has to do, is said.
fn decided(planner: &Planner, live: &Live, mut decider: Decider<'_>) -> Draft {
    let mut draft = Draft::default();
    if planner.scope.goal != Goal::Apply {
        return draft;
    }
    for resource in planner.chosen.iter().filter_map(|id| planner.resources.get(id)) {
        match systems::decide(planner, resource, live, &mut decider) {
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
fn allowed(planner: &Planner, live: &Live, mut draft: Draft) -> Draft {
    systems::hold_leaving(planner, live, &mut draft.leaving);
    for action in draft.asked.iter_mut().chain(&mut draft.leaving) {
        if planner.may_lose(&action.id, action.app.as_deref()) {
            consent(action);
        }
    }
    draft
}

/// Puts what a resource needs before it, and what needs another before that other leaves.
fn ordered(planner: &Planner, mut draft: Draft) -> Draft {
    let ids: BTreeSet<ResourceId> = draft.asked.iter().map(|action| action.id.clone()).collect();
    let mut bridges = Bridges::new(&planner.resources, &ids);
    for action in &mut draft.asked {
        action.after = bridges.before(&action.id);
    }
    systems::order_leaving(planner, &mut draft.leaving);
    draft
}

/// Sorts and counts.
fn summed(planner: &Planner, live: &Live, draft: Draft) -> Plan {
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
        stack: planner.mark.name.clone(),
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
fn unread(planner: &Planner) -> Vec<Finding> {
    let mut notes = Vec::new();
    for resource in planner.resources.values() {
        let Desired::Object(object) = &resource.desired else { continue };
        for (key, source) in &object.secrets {
            let Some(error) = planner.unreadable.get(source) else { continue };
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
