//! The steps of a plan: what is decided about each resource, what leaves, what comes first, what it costs.

use std::collections::{BTreeMap, BTreeSet};

use stackctl_model::{
    Action, Consent, Cost, Desired, Finding, Live, Plan, Preview, Resource, ResourceId, Severity,
};

use crate::action::summary;
use crate::decision::Decision;
use crate::graph::Bridges;
use crate::systems::kubernetes::{Decider, judge_namespaces};
use crate::{Goal, Prepared, systems};

/// What was decided about the resources of a stack.
#[derive(Default)]
struct Decided {
    actions: Vec<Action>,
    unmanaged: Vec<Finding>,
    findings: Vec<Finding>,
    unchanged: usize,
    /// Keyed digests behind the numbers of secret values.
    secrets: BTreeMap<u32, String>,
}

impl Prepared {
    /// The finished plan: nothing changes it afterwards.
    pub fn plan(&self, live: &Live, previews: &BTreeMap<ResourceId, Preview>) -> Plan {
        let mut decided = self.decided(live, previews);
        self.order(&mut decided.actions);
        decided.actions.extend(systems::leaving(self, live));
        judge_namespaces(&mut decided.actions, &self.mark, live);
        self.note_consent(&mut decided.actions);
        decided.findings.extend(systems::findings(self, live));
        decided.actions.sort_by(|a, b| a.id.cmp(&b.id));
        decided.findings.sort_by(|a, b| a.id.cmp(&b.id));
        let mut notes = systems::notes(self, live, previews);
        notes.extend(self.unread());
        let mut summary = summary(decided.actions.iter().map(Action::kind));
        summary.unchanged = decided.unchanged;
        summary.unmanaged = decided.unmanaged.len();
        summary.findings = decided.findings.len();
        Plan {
            stack: self.mark.name.clone(),
            summary,
            actions: decided.actions,
            unmanaged: decided.unmanaged,
            findings: decided.findings,
            notes,
            owned: live.cluster.objects.len(),
            secrets: decided.secrets,
        }
    }

    /// Decides about each resource that is meant.
    fn decided(&self, live: &Live, previews: &BTreeMap<ResourceId, Preview>) -> Decided {
        let mut decided = Decided::default();
        if self.goal != Goal::Apply {
            return decided;
        }
        let mut decider = Decider::new(self, live, previews);
        for resource in self.chosen.iter().filter_map(|id| self.resources.get(id)) {
            match systems::decide(self, resource, live, &mut decider) {
                Decision::Act(action) => decided.actions.push(*action),
                Decision::Leave { code, reason } => {
                    decided.unmanaged.push(said(resource, code, Severity::Note, reason));
                }
                Decision::Finding { code, reason } => {
                    decided.findings.push(said(resource, code, Severity::Error, reason));
                }
                Decision::Nothing => decided.unchanged += 1,
            }
        }
        decided.secrets = decider.into_digests();
        decided
    }

    /// Puts the actions that a resource needs before its own.
    fn order(&self, actions: &mut [Action]) {
        let ids: BTreeSet<ResourceId> = actions.iter().map(|action| action.id.clone()).collect();
        let mut bridges = Bridges::new(&self.resources, &ids);
        for action in actions {
            action.after = bridges.before(&action.id);
        }
    }

    /// Notes which data that an action could cost was named as what may be lost.
    fn note_consent(&self, actions: &mut [Action]) {
        for action in actions {
            if self.may_lose(&action.id, action.app.as_deref()) {
                consent(action);
            }
        }
    }

    /// What could not be read, said once for each hole; it is read for good before anything is written.
    fn unread(&self) -> Vec<Finding> {
        let mut notes = Vec::new();
        for resource in self.resources.values() {
            let Desired::Object(object) = &resource.desired else { continue };
            for (key, source) in &object.secrets {
                let Some(error) = self.unreadable.get(source) else { continue };
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
