//! What a doctor says of a plan and of what was seen: the worst first.

use std::collections::{BTreeMap, BTreeSet};

use stackctl_model::{
    Action, Desired, Diagnosis, Facts, GroupVersionKind, Held, InotifyBudget, InotifyUse, Live,
    MachineId, OperatingSystem, Operation, Origin, Plan, Resource, ResourceId, SettingName,
    Severity, Symptom,
};

use crate::systems::kubernetes::kinds::rules_of_id;

/// Above this share of a limit, somebody will soon be refused.
const FULL_PERCENT: u64 = 80;

/// What the stack builds on and does not make itself, each with the first resource that names it.
pub fn foundations(resources: &[Resource]) -> BTreeMap<ResourceId, &Resource> {
    let made: BTreeSet<&ResourceId> = resources.iter().map(|resource| &resource.id).collect();
    let mut needed = BTreeMap::new();
    for resource in resources {
        let Desired::Object(object) = &resource.desired else { continue };
        let foundation = rules_of_id(&resource.id).foundation;
        if let Some(id) = foundation(&object.value).filter(|id| !made.contains(id)) {
            needed.entry(id).or_insert(resource);
        }
    }
    needed
}

/// Everything that would make the stack fail, and the use of inotify. `missing` are those of its
/// [`foundations`] that the cluster does not have.
pub fn diagnose(
    plan: &Plan,
    live: &Live,
    resources: &[Resource],
    missing: &BTreeMap<ResourceId, &Resource>,
) -> Diagnosis {
    let seen =
        || live.machines.seen.iter().filter_map(|(node, machine)| Some((node, machine.facts()?)));
    let mut symptoms = deferred(plan);
    symptoms.extend(plan.actions.iter().filter_map(of_action));
    symptoms.extend(plan.findings.iter().map(|finding| Symptom {
        severity: Severity::Error,
        id: finding.id.clone(),
        message: finding.reason.clone(),
        advice: "a person has to do that; stackctl plan shows when it is done".to_owned(),
        source: Some(finding.source.clone()),
    }));
    symptoms.extend(unknown_kinds(&live.cluster.unknown_kinds, resources));
    symptoms.extend(missing.iter().map(|(id, needs)| Symptom {
        severity: Severity::Error,
        id: needs.id.clone(),
        message: format!("the cluster has no {id}"),
        advice: "install what brings it, or name another that the cluster has".to_owned(),
        source: Some(needs.origin.clone()),
    }));
    symptoms.extend(seen().flat_map(|(node, facts)| inotify(node, facts, resources)));
    symptoms.sort_by(|a, b| (a.severity, &a.id, &a.message).cmp(&(b.severity, &b.id, &b.message)));
    let inotify = seen().filter_map(|(node, facts)| budget(node, facts)).collect();
    Diagnosis { symptoms, inotify }
}

fn limit(facts: &Facts, what: &str) -> Option<u64> {
    facts.sysctls.get(&format!("fs.inotify.max_user_{what}"))?.trim().parse().ok()
}

/// Of the user that has taken most of the instances, which run out first.
fn budget(node: &str, facts: &Facts) -> Option<InotifyBudget> {
    let used = facts.inotify.iter().max_by_key(|one| (one.instances, one.watches))?;
    Some(InotifyBudget {
        node: node.to_owned(),
        uid: used.uid,
        instances: used.instances,
        max_instances: limit(facts, "instances")?,
        watches: used.watches,
        max_watches: limit(facts, "watches")?,
    })
}

/// One for each machine that is off, however much is asked of it.
fn deferred(plan: &Plan) -> Vec<Symptom> {
    let mut by_node: BTreeMap<&str, Symptom> = BTreeMap::new();
    for action in plan.actions.iter().filter(|one| one.operation.is_deferred()) {
        let Some(MachineId { node, .. }) = action.id.as_machine() else { continue };
        by_node.entry(node).or_insert_with(|| Symptom {
            severity: Severity::Warning,
            id: ResourceId::object("", "Node", None, node.clone()),
            message: action.reason.clone(),
            advice: "what is asked of it is done by an apply while it is on".to_owned(),
            source: action.source.clone(),
        });
    }
    by_node.into_values().collect()
}

/// What the target already says against an action, and what the next apply does to a machine.
fn of_action(action: &Action) -> Option<Symptom> {
    let (severity, message, advice) = match (&action.operation, action.objection()) {
        (Operation::Held(Held::Unreachable { .. } | Held::Deferred { .. }), _) => return None,
        (_, Some(objection)) => {
            (Severity::Error, objection.to_owned(), "an apply of it fails until that is mended")
        }
        (Operation::OnMachine(_), None) => {
            (Severity::Warning, action.reason.clone(), "stackctl apply mends it")
        }
        _ => return None,
    };
    Some(Symptom {
        severity,
        id: action.id.clone(),
        message,
        advice: advice.to_owned(),
        source: action.source.clone(),
    })
}

/// Kinds that neither the cluster knows nor the stack defines.
fn unknown_kinds(unknown: &BTreeSet<GroupVersionKind>, resources: &[Resource]) -> Vec<Symptom> {
    let defined: BTreeSet<String> = resources
        .iter()
        .filter_map(|resource| resource.id.as_object())
        .filter(|id| id.kind == "CustomResourceDefinition")
        .filter_map(|id| Some(id.name.split_once('.')?.1.to_owned()))
        .collect();
    let symptom = |kind: &GroupVersionKind| {
        let first = resources.iter().find(|one| one.id.is_kind(&kind.group, &kind.kind))?;
        Some(Symptom {
            severity: Severity::Error,
            id: first.id.clone(),
            message: format!("the cluster does not know {kind}"),
            advice: "install what defines it first".to_owned(),
            source: Some(first.origin.clone()),
        })
    };
    unknown.iter().filter(|kind| !defined.contains(&kind.group)).filter_map(symptom).collect()
}

fn inotify(node: &str, facts: &Facts, resources: &[Resource]) -> Vec<Symptom> {
    let mut symptoms = Vec::new();
    for used in &facts.inotify {
        symptoms.extend(crowded(node, facts, (used, "instances", used.instances), resources));
        symptoms.extend(crowded(node, facts, (used, "watches", used.watches), resources));
    }
    symptoms
}

fn crowded(
    node: &str,
    facts: &Facts,
    (used, what, number): (&InotifyUse, &str, u64),
    resources: &[Resource],
) -> Option<Symptom> {
    let key = format!("fs.inotify.max_user_{what}");
    let limit = limit(facts, what)?;
    if number.saturating_mul(100) < limit.saturating_mul(FULL_PERCENT) {
        return None;
    }
    let id = ResourceId::machine(node, SettingName::Sysctl(key.clone()));
    let asked = resources.iter().find(|resource| resource.id == id);
    let source: Option<Origin> = asked.map(|resource| resource.origin.clone());
    let more = (2 * limit).max(512);
    let can_be_raised = facts.system == OperatingSystem::Linux && facts.read_only.is_none();
    let advice = if can_be_raised {
        format!("ask for more in node {node}: sysctl {{ {key} {more}; }}")
    } else {
        format!(
            "the limit cannot be raised from here: make it {more} on {node}, or let apps look by themselves: \
             `polling` in app jellyfin sets DOTNET_USE_POLLING_FILE_WATCHER=1"
        )
    };
    Some(Symptom {
        severity: Severity::Error,
        id,
        message: format!(
            "user {} has {number} of {limit} {what} of inotify on {node}: apps that watch their files fail, or stop \
             seeing new ones",
            used.uid
        ),
        advice,
        source,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn crowd(facts: &Facts) -> Option<Symptom> {
        inotify("nuc", facts, &[]).into_iter().next()
    }

    #[test]
    fn a_crowded_limit_is_raised_where_it_can_be_and_polled_around_where_not() {
        let mut facts = Facts {
            sysctls: [("fs.inotify.max_user_instances".to_owned(), "128".to_owned())].into(),
            inotify: vec![InotifyUse { uid: 1000, instances: 101, watches: 9 }],
            ..Facts::default()
        };
        assert_eq!(crowd(&facts), None);
        facts.inotify = vec![InotifyUse { uid: 1000, instances: 103, watches: 9 }];
        let symptom = crowd(&facts).unwrap();
        assert!(symptom.message.starts_with("user 1000 has 103 of 128 instances"));
        assert!(symptom.advice.contains("sysctl { fs.inotify.max_user_instances 512; }"));
        facts.read_only = Some("no sudo".into());
        assert!(crowd(&facts).unwrap().advice.contains("`polling`"));
    }
}
