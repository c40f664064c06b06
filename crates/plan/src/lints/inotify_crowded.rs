//! Limits of inotify that somebody will soon run into.

use stackctl_model::{
    Facts, Finding, OperatingSystem, Resource, ResourceId, SettingName, Severity,
};

use super::lint::{Check, Doc, Lint, Seen};

/// Above this share of a limit, somebody will soon be refused.
const FULL_PERCENT: u64 = 80;

pub(super) const LINT: Lint = Lint {
    code: "inotify-crowded",
    severity: Severity::Error,
    check: Check::Machines(check),
    doc: Doc {
        wrong: "A user has taken most of what a machine's limits of inotify leave it.",
        why: "The next app that watches its files fails, or stops seeing new ones, without saying so.",
        example: "",
        mend: "Ask for more: `node NAME { sysctl { fs.inotify.max_user_instances 512; } }`; where the limit \
               cannot be raised, let apps look by themselves (`polling`).",
        source: "https://man7.org/linux/man-pages/man7/inotify.7.html",
    },
};

fn check(seen: &Seen<'_>) -> Vec<Finding> {
    let machines = &seen.live.machines.seen;
    let facts = machines.iter().filter_map(|(node, machine)| Some((node, machine.facts()?)));
    facts.flat_map(|(node, facts)| inotify(node, facts, seen.resources)).collect()
}

/// The most that a user may have of instances or watches.
pub(crate) fn limit(facts: &Facts, what: &str) -> Option<u64> {
    facts.sysctls.get(&format!("fs.inotify.max_user_{what}"))?.trim().parse().ok()
}

fn inotify(node: &str, facts: &Facts, resources: &[Resource]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for used in &facts.inotify {
        let instances = Share { user: used.uid, what: "instances", number: used.instances };
        let watches = Share { user: used.uid, what: "watches", number: used.watches };
        findings.extend(crowded(node, facts, &instances, resources));
        findings.extend(crowded(node, facts, &watches, resources));
    }
    findings
}

/// What a user has taken of one limit.
struct Share<'a> {
    user: u32,
    what: &'a str,
    number: u64,
}

fn crowded(
    node: &str,
    facts: &Facts,
    share: &Share<'_>,
    resources: &[Resource],
) -> Option<Finding> {
    let Share { user, what, number } = *share;
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
        "user {user} has {number} of {limit} {what} of inotify on {node}: apps that watch their files fail, or stop \
         seeing new ones"
    );
    let finding = Finding::new(LINT.code, LINT.severity, message).about(id).help(advice);
    Some(match asked {
        Some(resource) => finding.also(resource.origin.clone(), ""),
        None => finding,
    })
}

#[cfg(test)]
mod tests {
    use stackctl_model::{Facts, Finding, InotifyUse};

    use super::inotify;

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
