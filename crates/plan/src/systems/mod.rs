//! What each system's things are: what is asked of it, what differs, what holds data, what goes, when it is
//! ready. Pure rules, one folder for each system; this is the one place that tells them apart.

pub(crate) mod app;
pub(crate) mod authentik;
pub mod kubernetes;
pub(crate) mod machine;

use std::collections::BTreeMap;

use stackctl_model::{
    Action, Answer, Desired, Finding, Live, Preview, Question, Resource, ResourceId, System,
};

use crate::Planner;
use crate::decision::Decision;

pub(crate) use kubernetes::{Decider, Differences};

/// What has to be asked next, given what is known; nothing once all is known that a plan needs.
pub(crate) fn questions(planner: &Planner, live: &Live) -> BTreeMap<System, Question> {
    let ask = |system| Some((system, question(planner, live, system)?));
    System::ALL.into_iter().filter_map(ask).collect()
}

fn question(planner: &Planner, live: &Live, system: System) -> Option<Question> {
    match system {
        System::Kubernetes => {
            kubernetes::question::question(planner, live).map(Question::Kubernetes)
        }
        System::Machine => machine::question::question(planner, live).map(Question::Machine),
        System::Authentik => authentik::question(planner, live),
        System::App => app::question(planner, live),
    }
}

/// Adds an answer to what is known. What was asked and not answered counts as not there, so that nothing
/// is asked twice.
pub(crate) fn learn(live: &mut Live, question: &Question, answer: Answer) {
    let (question, answer) = match (question, answer) {
        (Question::Kubernetes(question), Answer::Kubernetes(answer)) => {
            return live.cluster.learn(question, *answer);
        }
        (Question::Machine(asked), Answer::Machine(seen)) => {
            return machine::question::learn(&mut live.machines, asked, seen);
        }
        (Question::Authentik, Answer::Authentik(answer)) => {
            live.authentik = Some(answer);
            return;
        }
        (Question::App, Answer::App(answer)) => {
            live.apps = Some(answer);
            return;
        }
        (question, answer) => (question, answer),
    };
    // A target that answers for another system has answered nothing.
    drop(answer);
    learn(live, question, question.unasked());
}

/// Decides about one resource.
pub(crate) fn decide(
    planner: &Planner,
    resource: &Resource,
    live: &Live,
    objects: &mut Decider<'_>,
) -> Decision {
    match (resource.id.system(), &resource.desired) {
        (Some(System::Kubernetes), Desired::Object(object)) => objects.decide(resource, object),
        (Some(System::Machine), Desired::OnNode(asked)) => {
            machine::decide(planner, resource, asked, live)
        }
        (Some(System::Authentik), _) => authentik::decide(resource),
        (Some(System::App), _) => app::decide(resource),
        (Some(System::Kubernetes), Desired::OnNode(_) | Desired::Setting(_)) => {
            Decision::unmanaged("this kind is not managed yet")
        }
        (Some(System::Machine), Desired::Object(_) | Desired::Setting(_)) => {
            Decision::unmanaged("this is not managed on nodes")
        }
        (None, _) => Decision::unmanaged("backups and alerts are not managed yet"),
    }
}

/// What is live and no longer asked for, in every system; where the plan is about what was retired, that.
pub(crate) struct Gone<'l> {
    objects: kubernetes::Objects<'l>,
    written: Vec<machine::Written<'l>>,
}

/// Looks for what is no longer asked for.
pub(crate) fn gone<'l>(planner: &Planner, live: &'l Live) -> Gone<'l> {
    Gone { objects: kubernetes::gone(planner, live), written: machine::gone(planner, live) }
}

/// What is done to it.
pub(crate) fn leaving(planner: &Planner, gone: &Gone<'_>) -> Vec<Action> {
    let of_system = |system| match system {
        System::Kubernetes => kubernetes::leaving(planner, &gone.objects),
        System::Machine => machine::leaving(planner, &gone.written),
        // Nothing in them is managed yet.
        System::Authentik | System::App => Vec::new(),
    };
    System::ALL.into_iter().flat_map(of_system).collect()
}

/// Holds back what must not leave as it is.
pub(crate) fn hold_leaving(planner: &Planner, live: &Live, leaving: &mut [Action]) {
    kubernetes::hold_namespaces(leaving, &planner.mark, live);
}

/// What of it comes before what: only objects need each other.
pub(crate) fn order_leaving(planner: &Planner, leaving: &mut [Action]) {
    kubernetes::order_leaving(planner, leaving);
}

/// What a person has to do about a whole system.
pub(crate) fn findings(planner: &Planner, live: &Live) -> Vec<Finding> {
    let of_system = |system| match system {
        System::Machine => machine::findings(planner, live),
        System::Kubernetes | System::Authentik | System::App => Vec::new(),
    };
    System::ALL.into_iter().flat_map(of_system).collect()
}

/// What is worth saying of what was seen, and what was not.
pub(crate) fn notes(
    planner: &Planner,
    live: &Live,
    previews: &BTreeMap<ResourceId, Preview>,
) -> Vec<Finding> {
    let of_system = |system| match system {
        System::Kubernetes => kubernetes::notes(live, previews),
        System::Machine => machine::question::notes(planner, live),
        System::Authentik | System::App => Vec::new(),
    };
    System::ALL.into_iter().flat_map(of_system).collect()
}
