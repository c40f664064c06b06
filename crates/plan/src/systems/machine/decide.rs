//! What is done about each setting of a machine, and what is said of the machine as a whole.

use stackctl_model::{
    Action, Facts, Finding, Held, Live, Machine, MachineId, MachineWrite, NodeSetting, OnNode,
    OperatingSystem, Operation, Outlook, Resource, ResourceId, SettingChange,
};

use super::settings::settings_of;
use super::verdict::{Act, Asked, Verdict, operation};
use super::{looked_at, package, question, sysctl};
use crate::decision::Decision;
use crate::{Planner, action, lints};

/// Decides about one setting of a machine.
pub(crate) fn decide(
    planner: &Planner,
    resource: &Resource,
    on_node: &OnNode,
    live: &Live,
) -> Decision {
    let Some(MachineId { node, .. }) = resource.id.as_machine() else {
        return Decision::unmanaged("it is on no machine");
    };
    let facts = match live.machines.seen.get(node) {
        Some(Machine::Seen(facts)) => facts,
        Some(Machine::Unasked) | None => return Decision::unmanaged(unasked(node, on_node)),
        Some(Machine::Unreachable(why)) => return unreachable(resource, on_node, why),
    };
    let asked = Asked {
        stack: &planner.mark.name,
        node,
        installs: package::installs(planner, node, facts),
    };
    match verdict(&asked, &on_node.setting, facts) {
        Verdict::Fine => Decision::Nothing,
        Verdict::Finding(reason) => {
            Decision::Finding { code: finding_code(&on_node.setting), reason }
        }
        Verdict::Act(act) => Decision::Act(Box::new(planned(resource, on_node, act, facts))),
    }
}

/// What a finding about a setting is looked up by.
fn finding_code(setting: &NodeSetting) -> &'static str {
    match setting {
        NodeSetting::Sysctl { .. } => lints::NODE_SYSCTL.code,
        NodeSetting::KernelModule { .. } => lints::NODE_KERNEL_MODULE.code,
        NodeSetting::Package { .. } => lints::NODE_PACKAGE.code,
        NodeSetting::Service { .. } => lints::NODE_SERVICE.code,
        NodeSetting::Mount { .. } => lints::NODE_MOUNT.code,
        NodeSetting::Multipath => lints::NODE_MULTIPATH.code,
        NodeSetting::Gpu { .. } => lints::NODE_GPU.code,
    }
}

fn verdict(asked: &Asked<'_>, setting: &NodeSetting, facts: &Facts) -> Verdict {
    match setting {
        NodeSetting::Sysctl { key, rule, value } => {
            sysctl::decide(asked, sysctl::Wanted { key, rule: *rule, value }, facts)
        }
        NodeSetting::KernelModule { name } => package::module(asked, name, facts),
        NodeSetting::Package { name, program, install } => {
            let wanted = package::Wanted { name, program: program.as_deref(), install: *install };
            package::package(asked, wanted, facts)
        }
        NodeSetting::Service { name } => package::service(asked, name, facts),
        NodeSetting::Mount { path, source } => {
            looked_at::mount(asked, path, source.as_deref(), facts)
        }
        NodeSetting::Multipath => looked_at::multipath(asked, facts),
        NodeSetting::Gpu { class, device } => {
            looked_at::gpu(asked, class, device.as_deref(), facts)
        }
    }
}

fn unasked(node: &str, on_node: &OnNode) -> String {
    match on_node.reach.system {
        Some(OperatingSystem::Talos) => format!("{node} runs Talos, see stackctl render talos"),
        Some(OperatingSystem::Linux | OperatingSystem::Nixos) | None => {
            "nodes are not looked at without a way to them (ssh=, local=) or with --without-nodes"
                .to_owned()
        }
    }
}

/// One for each machine that must be on and cannot be reached.
pub(crate) fn findings(planner: &Planner, live: &Live) -> Vec<Finding> {
    if planner.scope.goal.is_about_retired() {
        return Vec::new();
    }
    let finding = |(node, machine): (&String, &Machine)| {
        let Machine::Unreachable(why) = machine else { return None };
        let resource = settings_of(planner, node).next()?;
        let is_optional = question::reach(planner, live, node).optional;
        (!is_optional).then(|| {
            Finding::error(lints::NODE_UNREACHABLE.code, why.as_str(), resource.origin.clone())
                .about(ResourceId::object("", "Node", None, node.clone()))
        })
    };
    live.machines.seen.iter().filter_map(finding).collect()
}

/// What cannot be looked at is not guessed: nothing is written, and what needs it waits.
fn unreachable(resource: &Resource, on_node: &OnNode, why: &str) -> Decision {
    let is_only_looked_at = match on_node.setting {
        NodeSetting::Mount { .. }
        | NodeSetting::Multipath
        | NodeSetting::Gpu { .. }
        | NodeSetting::Package { install: false, .. } => true,
        NodeSetting::Package { install: true, .. }
        | NodeSetting::Sysctl { .. }
        | NodeSetting::KernelModule { .. }
        | NodeSetting::Service { .. } => false,
    };
    if is_only_looked_at {
        return Decision::Nothing;
    }
    let why = why.to_owned();
    let (held, reason) = if on_node.reach.optional {
        (Held::Deferred { why: why.clone() }, why)
    } else {
        (Held::Unreachable { why }, "it could not be looked at".to_owned())
    };
    let mut action = action::wanted(resource, Operation::Held(held), reason);
    action.outlook = Outlook::Unconfirmed;
    Decision::Act(Box::new(action))
}

fn planned(resource: &Resource, on_node: &OnNode, act: Act, facts: &Facts) -> Action {
    let comes_to = if act.is_new { SettingChange::Added } else { SettingChange::Changed };
    let write = MachineWrite { comes_to, reach: on_node.reach.clone(), write: act.write };
    let mut action = action::wanted(resource, operation(write, facts), act.reason);
    action.changes = act.changes;
    action.effects = act.effects;
    if !act.is_confirmed {
        action.outlook = Outlook::Unconfirmed;
    }
    action
}
