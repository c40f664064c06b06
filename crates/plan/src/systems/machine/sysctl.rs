//! A kernel setting: what is live, what a restart would bring, and what is asked for.

use stackctl_model::{Facts, FileLine, NodeStep, NodeWrite, SysctlRule};

use super::file;
use super::verdict::{Act, Asked, Verdict, change};

/// A kernel setting as it is asked for.
#[derive(Clone, Copy)]
pub(super) struct Wanted<'a> {
    pub(super) key: &'a str,
    pub(super) rule: SysctlRule,
    pub(super) value: &'a str,
}

impl Wanted<'_> {
    /// Whether a value will do.
    fn is_met_by(self, value: &str) -> bool {
        match (self.rule, value.parse::<i64>(), self.value.parse::<i64>()) {
            (SysctlRule::AtLeast, Ok(value), Ok(least)) => value >= least,
            _ => value == self.value,
        }
    }

    fn words(self) -> String {
        match self.rule {
            SysctlRule::AtLeast => format!("at least {} is asked for", self.value),
            SysctlRule::Exactly => format!("{} is asked for", self.value),
        }
    }
}

pub(super) fn decide(asked: &Asked<'_>, wanted: Wanted<'_>, facts: &Facts) -> Verdict {
    let Some(live) = facts.sysctls.get(wanted.key).map(|value| file::plain(value)) else {
        return Verdict::Finding(format!("the kernel of {} has no such setting", asked.node));
    };
    let is_met = wanted.is_met_by(&live);
    if let Some(elsewhere) = asked.made_elsewhere(facts) {
        return if is_met {
            Verdict::Fine
        } else {
            Verdict::Finding(format!("it is {live}, {}; {elsewhere}", wanted.words()))
        };
    }
    let path = file::sysctl_file(asked.stack);
    let own = facts.files.get(&path).map(|text| file::values(text));
    let own = own.and_then(|mut values| values.remove(&file::proc_path(wanted.key)));
    let others = file::others(&facts.files, wanted.key, &path);
    let later = others
        .iter()
        .rfind(|(other, value)| file::is_after(other, &path) && !wanted.is_met_by(value));
    let overridden = later.map(|(other, value)| {
        format!("At boot {other} sets it to {value} after our file; take that line out there.")
    });
    let needs_line = match &own {
        Some(own) => own != wanted.value,
        None => needs_line(wanted, &live, others.last().map(|(_, value)| value.as_str())),
    };
    if is_met && !needs_line {
        return overridden.map_or(Verdict::Fine, Verdict::Finding);
    }
    let mut changes = Vec::new();
    if !is_met {
        changes.push(change("live", Some(&live), Some(wanted.value)));
    }
    if needs_line {
        changes.push(change(&path, own.as_deref(), Some(wanted.value)));
    }
    let reason = if is_met {
        format!("it is {live}, and nothing keeps it so after a restart")
    } else {
        format!("it is {live}, {}", wanted.words())
    };
    let step = NodeStep::Sysctl { key: wanted.key.to_owned(), value: wanted.value.to_owned() };
    let line = FileLine {
        path,
        key: wanted.key.to_owned(),
        text: Some(format!("{} = {}", wanted.key, wanted.value)),
    };
    Verdict::Act(Act {
        reason,
        changes,
        effects: overridden.into_iter().collect(),
        write: NodeWrite { step: (!is_met).then_some(step), line: needs_line.then_some(line) },
        is_new: own.is_none(),
        is_confirmed: true,
    })
}

/// Whether a setting that our file lacks belongs there. A machine that has more than it is asked for, by
/// another file or by its kernel, would get less after a restart if our file said so.
fn needs_line(wanted: Wanted<'_>, live: &str, at_boot: Option<&str>) -> bool {
    match (wanted.rule, at_boot) {
        (SysctlRule::Exactly, _) => true,
        (SysctlRule::AtLeast, Some(value)) => !wanted.is_met_by(value),
        (SysctlRule::AtLeast, None) => !wanted.is_met_by(live) || live == wanted.value,
    }
}
