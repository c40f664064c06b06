//! Machines: what is asked of each against what was seen of it.

mod file;
mod groups;
mod leave;
mod package;
mod sysctl;

use stackctl_model::{
    Action, Change, ChangeValue, Facts, FieldPath, Finding, Held, Live, Machine, MachineId,
    MachineWrite, NodeSetting, NodeWrite, OnNode, OperatingSystem, Operation, Outlook, Resource,
    ResourceId, SettingChange,
};

use crate::Prepared;
use crate::action;
use crate::decide::Decision;
use crate::lints;

pub use file::{modules_file, proc_path, sysctl_file, with_line};
pub(crate) use groups::join;
pub use groups::join_usual;
pub(crate) use leave::actions as leaving;

/// The setting that is decided about, and where.
struct Asked<'a> {
    stack: &'a str,
    node: &'a str,
    /// Whether a package of this machine is installed by the same plan.
    installs: bool,
}

/// What comes of looking at one setting.
enum Verdict {
    /// It is as asked for.
    Fine,
    /// It is not, and stackctl does something about it.
    Act(Act),
    /// It is not, and a person has to.
    Finding(String),
}

/// What is done about a setting.
struct Act {
    reason: String,
    changes: Vec<Change>,
    effects: Vec<String>,
    write: NodeWrite,
    is_new: bool,
    is_confirmed: bool,
}

/// Decides about one setting of a machine.
pub(crate) fn decide(
    prepared: &Prepared,
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
        stack: &prepared.mark.name,
        node,
        installs: package::installs(prepared, node, facts),
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
            package::package(asked, name, (program.as_deref(), *install), facts)
        }
        NodeSetting::Service { name } => package::service(asked, name, facts),
        NodeSetting::Mount { path, source } => match facts.mounts.get(path) {
            None => Verdict::Finding(format!("nothing is mounted at {path} of {}", asked.node)),
            Some(found) if source.as_ref().is_some_and(|wanted| wanted != found) => {
                Verdict::Finding(format!("{found} is mounted there"))
            }
            Some(_) => Verdict::Fine,
        },
        NodeSetting::Multipath => match &facts.multipath {
            Some(config) if !leaves_disks_alone(config) => Verdict::Finding(format!(
                "multipathd of {} may grab Longhorn's disks: add blacklist {{ devnode \"^sd[a-z0-9]+\" }} to \
                 /etc/multipath.conf there, or stop it",
                asked.node
            )),
            Some(_) | None => Verdict::Fine,
        },
        NodeSetting::Gpu { class, device } => gpu(asked, class, device.as_deref(), facts),
    }
}

/// Longhorn's disks are called sd…: whether a `blacklist` section names those, or all.
fn leaves_disks_alone(config: &str) -> bool {
    let lines = config.lines().map(str::trim).filter(|line| !line.starts_with(['#', '!']));
    let mut is_blacklist = false;
    for line in lines {
        is_blacklist |= line.starts_with("blacklist") && !line.starts_with("blacklist_exceptions");
        let names_them = ["sd", "\"*\"", "\".*\""].iter().any(|pattern| line.contains(pattern));
        if is_blacklist && line.contains("devnode") && names_them {
            return true;
        }
        is_blacklist &= !line.ends_with('}');
    }
    false
}

/// The device of a GPU: the usual one of its class where the stack names none.
pub fn gpu_device<'a>(class: &str, device: Option<&'a str>) -> &'a str {
    let usual = if class == "nvidia" { "/dev/nvidia0" } else { "/dev/dri/renderD128" };
    device.unwrap_or(usual)
}

fn gpu(asked: &Asked<'_>, class: &str, device: Option<&str>, facts: &Facts) -> Verdict {
    let path = gpu_device(class, device);
    let Some(device) = facts.devices.get(path) else {
        return Verdict::Finding(format!(
            "{} has no {path}: is its driver loaded, and the GPU on in the firmware?",
            asked.node
        ));
    };
    let drivers: &[&str] = match class {
        "intel" => &["i915", "xe"],
        "amd" => &["amdgpu", "radeon"],
        "nvidia" => &["nvidia"],
        _ => &[],
    };
    let driver = device.driver.as_str();
    if driver.is_empty() || drivers.is_empty() || drivers.contains(&driver) {
        Verdict::Fine
    } else {
        Verdict::Finding(format!(
            "{path} of {} belongs to the driver {driver}, not to {class}",
            asked.node
        ))
    }
}

impl Asked<'_> {
    /// Where a setting is made, when not below `/etc`.
    fn made_elsewhere(&self, facts: &Facts) -> Option<String> {
        match facts.system {
            OperatingSystem::Linux => None,
            system => Some(format!(
                "{} runs {}, where stackctl writes nothing: see stackctl render {}",
                self.node,
                system.name(),
                system.name().to_lowercase()
            )),
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

/// What the stack asks of a machine.
fn settings_of<'p>(prepared: &'p Prepared, node: &'p str) -> impl Iterator<Item = &'p Resource> {
    let from_here = prepared.resources.range(ResourceId::Machine(MachineId::first_of(node))..);
    let is_here = move |id: &ResourceId| id.as_machine().is_some_and(|id| id.node == node);
    from_here.take_while(move |(id, _)| is_here(id)).map(|(_, resource)| resource)
}

/// One for each machine that must be on and cannot be reached.
pub(crate) fn findings(prepared: &Prepared, live: &Live) -> Vec<Finding> {
    let finding = |(node, machine): (&String, &Machine)| {
        let Machine::Unreachable(why) = machine else { return None };
        let resource = settings_of(prepared, node).next()?;
        let is_optional = live.machines.reaches.get(node).is_some_and(|reach| reach.optional);
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

/// The write; held where nothing can be written.
fn operation(write: MachineWrite, facts: &Facts) -> Operation {
    match &facts.read_only {
        Some(why) => {
            Operation::Held(Held::Refused { intended: write.comes_to.kind(), why: why.clone() })
        }
        None => Operation::OnMachine(write),
    }
}

/// One thing that changes on a machine.
fn change(name: &str, before: Option<&str>, after: Option<&str>) -> Change {
    let value = |value: Option<&str>| {
        value.map_or(ChangeValue::Absent, |text| ChangeValue::Value(text.into()))
    };
    Change {
        path: FieldPath::fields([name]),
        before: value(before),
        after: value(after),
        last_writer: None,
        last_written: None,
    }
}
