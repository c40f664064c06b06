//! What a doctor says of a plan and of what was seen: the worst first.

use std::collections::{BTreeMap, BTreeSet};

use stackctl_model::{
    Action, Desired, Diagnosis, Facts, Finding, GroupVersionKind, Held, InotifyBudget, InotifyUse,
    Live, MachineId, OperatingSystem, Operation, Origin, Plan, Resource, ResourceId, SettingName,
    Severity,
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
    let mut findings = deferred(plan);
    findings.extend(plan.actions.iter().filter_map(of_action));
    findings.extend(plan.findings.iter().cloned().map(|finding| {
        finding.help("a person has to do that; stackctl plan shows when it is done")
    }));
    findings.extend(unknown_kinds(&live.cluster.unknown_kinds, resources));
    findings.extend(missing.iter().map(|(id, needs)| {
        let message = format!("the cluster has no {id}");
        Finding::error("foundation-missing", message, needs.origin.clone())
            .about(needs.id.clone())
            .help("install what brings it, or name another that the cluster has")
    }));
    findings.extend(seen().flat_map(|(node, facts)| inotify(node, facts, resources)));
    findings.sort_by(|a, b| (a.severity, &a.id, &a.message).cmp(&(b.severity, &b.id, &b.message)));
    let inotify = seen().filter_map(|(node, facts)| budget(node, facts)).collect();
    Diagnosis { findings, inotify }
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
fn deferred(plan: &Plan) -> Vec<Finding> {
    let mut by_node: BTreeMap<&str, Finding> = BTreeMap::new();
    for action in plan.actions.iter().filter(|one| one.operation.is_deferred()) {
        let Some(MachineId { node, .. }) = action.id.as_machine() else { continue };
        by_node.entry(node).or_insert_with(|| {
            let finding = Finding::new("node-deferred", Severity::Warning, action.reason.as_str())
                .about(ResourceId::object("", "Node", None, node.clone()))
                .help("what is asked of it is done by an apply while it is on");
            placed(finding, action.source.as_ref())
        });
    }
    by_node.into_values().collect()
}

/// What the target already says against an action, and what the next apply does to a machine.
fn of_action(action: &Action) -> Option<Finding> {
    let finding = match (&action.operation, action.objection()) {
        (Operation::Held(Held::Unreachable { .. } | Held::Deferred { .. }), _) => return None,
        (_, Some(objection)) => Finding::new("refused", Severity::Error, objection)
            .help("an apply of it fails until that is mended"),
        (Operation::OnMachine(_), None) => {
            Finding::new("not-as-asked", Severity::Warning, action.reason.as_str())
                .help("stackctl apply mends it")
        }
        _ => return None,
    };
    Some(placed(finding.about(action.id.clone()), action.source.as_ref()))
}

/// With the line that asks for it, where there is one.
fn placed(finding: Finding, origin: Option<&Origin>) -> Finding {
    match origin {
        Some(origin) => finding.also(origin.clone(), ""),
        None => finding,
    }
}

/// Kinds that neither the cluster knows nor the stack defines.
fn unknown_kinds(unknown: &BTreeSet<GroupVersionKind>, resources: &[Resource]) -> Vec<Finding> {
    let defined: BTreeSet<String> = resources
        .iter()
        .filter_map(|resource| resource.id.as_object())
        .filter(|id| id.kind == "CustomResourceDefinition")
        .filter_map(|id| Some(id.name.split_once('.')?.1.to_owned()))
        .collect();
    let finding = |kind: &GroupVersionKind| {
        let first = resources.iter().find(|one| one.id.is_kind(&kind.group, &kind.kind))?;
        let message = format!("the cluster does not know {kind}");
        Some(
            Finding::error("unknown-kind", message, first.origin.clone())
                .about(first.id.clone())
                .help("install what defines it first"),
        )
    };
    unknown.iter().filter(|kind| !defined.contains(&kind.group)).filter_map(finding).collect()
}

fn inotify(node: &str, facts: &Facts, resources: &[Resource]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for used in &facts.inotify {
        findings.extend(crowded(node, facts, (used, "instances", used.instances), resources));
        findings.extend(crowded(node, facts, (used, "watches", used.watches), resources));
    }
    findings
}

fn crowded(
    node: &str,
    facts: &Facts,
    (used, what, number): (&InotifyUse, &str, u64),
    resources: &[Resource],
) -> Option<Finding> {
    let key = format!("fs.inotify.max_user_{what}");
    let limit = limit(facts, what)?;
    if number.saturating_mul(100) < limit.saturating_mul(FULL_PERCENT) {
        return None;
    }
    let id = ResourceId::machine(node, SettingName::Sysctl(key.clone()));
    let asked = resources.iter().find(|resource| resource.id == id);
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
    let message = format!(
        "user {} has {number} of {limit} {what} of inotify on {node}: apps that watch their files fail, or stop \
         seeing new ones",
        used.uid
    );
    let finding = Finding::new("inotify-crowded", Severity::Error, message).about(id).help(advice);
    Some(placed(finding, asked.map(|resource| &resource.origin)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn crowd(facts: &Facts) -> Option<Finding> {
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
        let finding = crowd(&facts).unwrap();
        assert!(finding.message.starts_with("user 1000 has 103 of 128 instances"));
        assert!(finding.help[0].contains("sysctl { fs.inotify.max_user_instances 512; }"));
        facts.read_only = Some("no sudo".into());
        assert!(crowd(&facts).unwrap().help[0].contains("`polling`"));
    }
}
