//! Packages, services and kernel modules.

use stackctl_model::{Desired, Facts, FileLine, NodeSetting, NodeStep, NodeWrite, OperatingSystem};

use super::file;
use super::settings::settings_of;
use super::verdict::{Act, Asked, Verdict, change};
use crate::Planner;

/// Whether the plan installs a package on a machine: what comes with it is not there yet.
pub(super) fn installs(planner: &Planner, node: &str, facts: &Facts) -> bool {
    let mut missing = settings_of(planner, node).filter(|resource| match &resource.desired {
        Desired::OnNode(one) => matches!(
            &one.setting,
            NodeSetting::Package { name, install: true, .. } if !facts.packages.contains(name)
        ),
        Desired::Object(_) | Desired::Setting(_) => false,
    });
    facts.system == OperatingSystem::Linux && missing.next().is_some()
}

/// A package as it is asked for.
#[derive(Clone, Copy)]
pub(super) struct Wanted<'a> {
    pub(super) name: &'a str,
    /// The program that it is looked for by.
    pub(super) program: Option<&'a str>,
    pub(super) install: bool,
}

pub(super) fn package(asked: &Asked<'_>, wanted: Wanted<'_>, facts: &Facts) -> Verdict {
    let Wanted { name, program, install } = wanted;
    if facts.packages.contains(name) {
        return Verdict::Fine;
    }
    let missing = match program {
        Some(program) => format!("{} has neither it nor the program {program}", asked.node),
        None => format!("it is not installed on {}", asked.node),
    };
    if let Some(elsewhere) = asked.made_elsewhere(facts) {
        return Verdict::Finding(format!("{missing}; {elsewhere}"));
    }
    if !install {
        return Verdict::Finding(format!("{missing}; install it there, or say install=#true"));
    }
    Verdict::Act(Act {
        reason: missing,
        changes: vec![change("package", None, Some("installed"))],
        effects: Vec::new(),
        write: NodeWrite { step: Some(NodeStep::Install(name.to_owned())), line: None },
        is_new: true,
        is_confirmed: true,
    })
}

/// States of a unit that comes up at boot, or has no say in it.
/// Source: systemctl(1), is-enabled.
const COMES_UP: [&str; 6] =
    ["enabled", "enabled-runtime", "static", "alias", "indirect", "generated"];

pub(super) fn service(asked: &Asked<'_>, name: &str, facts: &Facts) -> Verdict {
    let Some(services) = &facts.services else {
        return Verdict::Finding(format!(
            "{} does not run systemd, so whether {name} runs cannot be seen",
            asked.node
        ));
    };
    let state = services.get(name).cloned().unwrap_or_default();
    let comes_up = COMES_UP.contains(&state.enabled.as_str());
    if state.active == "active" && comes_up {
        return Verdict::Fine;
    }
    let enabled = if state.enabled.is_empty() { "not there" } else { &state.enabled };
    let is_there = !matches!(state.enabled.as_str(), "" | "not-found");
    let state_words = format!("it is {} and {enabled} on {}", state.active, asked.node);
    if let Some(elsewhere) = asked.made_elsewhere(facts) {
        return Verdict::Finding(format!("{state_words}; {elsewhere}"));
    }
    if !is_there && !asked.installs {
        return Verdict::Finding(format!("{} has no service of that name", asked.node));
    }
    let mut changes = Vec::new();
    if state.active != "active" {
        changes.push(change("live", Some(&state.active), Some("active")));
    }
    if !comes_up {
        changes.push(change("boot", Some(enabled), Some("enabled")));
    }
    Verdict::Act(Act {
        reason: if is_there {
            state_words
        } else {
            "it comes with a package of this plan".to_owned()
        },
        changes,
        effects: Vec::new(),
        write: NodeWrite { step: Some(NodeStep::Enable(name.to_owned())), line: None },
        is_new: false,
        is_confirmed: is_there,
    })
}

pub(super) fn module(asked: &Asked<'_>, name: &str, facts: &Facts) -> Verdict {
    let is_loaded = facts.modules.contains_key(name);
    let is_built_in = facts.modules.get(name) == Some(&stackctl_model::ModuleState::BuiltIn);
    if let Some(elsewhere) = asked.made_elsewhere(facts) {
        return if is_loaded {
            Verdict::Fine
        } else {
            Verdict::Finding(format!("it is not loaded; {elsewhere}"))
        };
    }
    let is_noted = facts.files.iter().any(|(path, text)| {
        path.contains("/modules-load.d/") && file::lines(text).contains_key(name)
    });
    if is_loaded && (is_noted || is_built_in) {
        return Verdict::Fine;
    }
    let path = file::modules_file(asked.stack);
    let mut changes = Vec::new();
    if !is_loaded {
        changes.push(change("live", Some("not loaded"), Some("loaded")));
    }
    if !is_noted {
        changes.push(change(&path, None, Some(name)));
    }
    let line = FileLine { path, key: name.to_owned(), text: Some(name.to_owned()) };
    let reason = if is_loaded { "nothing loads it at boot" } else { "it is not loaded" };
    Verdict::Act(Act {
        reason: reason.to_owned(),
        changes,
        effects: Vec::new(),
        write: NodeWrite {
            step: (!is_loaded).then(|| NodeStep::Load(name.to_owned())),
            line: (!is_noted).then_some(line),
        },
        is_new: !is_noted,
        is_confirmed: true,
    })
}
