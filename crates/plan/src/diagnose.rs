//! What a doctor says of a plan and of what was seen: the worst first.

use stackctl_model::{Diagnosis, Facts, InotifyBudget};

use crate::lints::{Seen, inotify_limit, look};

/// Everything that would make the stack fail, and the use of inotify.
pub fn diagnose(seen: &Seen<'_>) -> Diagnosis {
    let machines = &seen.live.machines.seen;
    let facts = machines.iter().filter_map(|(node, machine)| Some((node, machine.facts()?)));
    let mut findings = look(seen);
    findings.extend(seen.plan.findings.iter().cloned().map(|finding| {
        finding.help("a person has to do that; stackctl plan shows when it is done")
    }));
    findings.sort_by(|a, b| (a.severity, &a.id, &a.message).cmp(&(b.severity, &b.id, &b.message)));
    let inotify = facts.filter_map(|(node, facts)| budget(node, facts)).collect();
    Diagnosis { findings, inotify }
}

/// Of the user that has taken most of the instances, which run out first.
fn budget(node: &str, facts: &Facts) -> Option<InotifyBudget> {
    let used = facts.inotify.iter().max_by_key(|one| (one.instances, one.watches))?;
    Some(InotifyBudget {
        node: node.to_owned(),
        uid: used.uid,
        instances: used.instances,
        max_instances: inotify_limit(facts, "instances")?,
        watches: used.watches,
        max_watches: inotify_limit(facts, "watches")?,
    })
}
