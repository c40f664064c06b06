//! The sandbox's machines: `machines/NAME.yaml` says what each was made to be. One that has no file yet is
//! fresh: its kernel has its stock settings, whatever stackctl may do is still to be done, and whatever is
//! left to people has been done.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::PathBuf;

use stackctl_engine::TargetError;
use stackctl_model::{
    Device, Facts, Machine, MachineId, MachineQuestion, ModuleState, NodeSetting, NodeStep,
    NodeWrite, OperatingSystem, Operation, Reach, ServiceState, Way,
};
use stackctl_plan::{gpu_device, with_line};

use crate::store::write;
use crate::{Sandbox, SandboxError, yaml};

const FOLDER: &str = "machines";

/// What a stock kernel has. Source: fs/notify/inotify; the number of watches grows with the memory.
const STOCK: [(&str, &str); 3] = [
    ("fs.inotify.max_user_instances", "128"),
    ("fs.inotify.max_user_watches", "65536"),
    ("fs.inotify.max_queued_events", "16384"),
];

impl Sandbox {
    fn machine_file(&self, node: &str) -> PathBuf {
        self.folder.join(FOLDER).join(format!("{node}.yaml"))
    }

    /// What a machine was made to be; nothing where it has no file.
    fn machine(&self, node: &str) -> Result<Facts, SandboxError> {
        let path = self.machine_file(node);
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Facts::default()),
            Err(error) => return Err(SandboxError::io(&path, "reading a machine")(error)),
        };
        let value = yaml::object(&text)
            .and_then(|value| serde_json::from_value(value).map_err(|error| error.to_string()));
        value.map_err(|error| {
            SandboxError::io(&path, "reading a machine")(std::io::Error::other(error))
        })
    }

    /// The machines that have a file.
    pub(crate) fn known_machines(&self) -> BTreeMap<String, Reach> {
        let entries = std::fs::read_dir(self.folder.join(FOLDER)).into_iter().flatten().flatten();
        let names = entries.filter_map(|entry| {
            entry.file_name().to_str()?.strip_suffix(".yaml").map(str::to_owned)
        });
        names.map(|name| (name, Reach { way: Way::Local, ..Reach::default() })).collect()
    }

    /// Looks at machines.
    pub(crate) fn look_at_machines(
        &self,
        asked: &BTreeMap<String, MachineQuestion>,
    ) -> BTreeMap<String, Machine> {
        asked.iter().map(|(node, asked)| (node.clone(), self.look_at(node, asked))).collect()
    }

    fn look_at(&self, node: &str, asked: &MachineQuestion) -> Machine {
        if asked.reach.way == Way::None {
            return Machine::Unasked;
        }
        let mut facts = match self.machine(node) {
            Ok(facts) => facts,
            Err(error) => return Machine::Unreachable(error.to_string()),
        };
        facts.system = asked.reach.system.unwrap_or(OperatingSystem::Linux);
        facts.services.get_or_insert_default();
        for setting in &asked.settings {
            fresh(&mut facts, setting);
        }
        Machine::Seen(Box::new(facts))
    }

    /// Carries out a write to a machine.
    pub(crate) fn write_machine(
        &self,
        MachineId { node, .. }: &MachineId,
        operation: &Operation,
    ) -> Result<(), TargetError> {
        let Operation::OnMachine(asked) = operation else { return Ok(()) };
        let mut store = self.store();
        self.begin_writing(&mut store)?;
        let mut facts = self.machine(node)?;
        change(&mut facts, &asked.write);
        let value = serde_json::to_value(&facts).expect("facts are plain data");
        Ok(write(&self.machine_file(node), &yaml::text(&value))?)
    }
}

/// What a fresh machine has of a setting that its file says nothing of.
fn fresh(facts: &mut Facts, setting: &NodeSetting) {
    match setting {
        NodeSetting::Sysctl { key, .. } => {
            let stock = STOCK.iter().find(|(name, _)| name == key).map_or("0", |(_, value)| value);
            facts.sysctls.entry(key.clone()).or_insert_with(|| stock.to_owned());
        }
        NodeSetting::Package { name, install: false, .. } => {
            facts.packages.insert(name.clone());
        }
        NodeSetting::Service { name } => {
            let stopped = ServiceState { active: "inactive".into(), enabled: "disabled".into() };
            facts.services.get_or_insert_default().entry(name.clone()).or_insert(stopped);
        }
        NodeSetting::Mount { path, source } => {
            let source = source.clone().unwrap_or_default();
            facts.mounts.entry(path.clone()).or_insert(source);
        }
        NodeSetting::Gpu { class, device } => {
            let path = gpu_device(class, device.as_deref()).to_owned();
            let device = Device { group: 993, driver: String::new() };
            facts.devices.entry(path).or_insert(device);
        }
        NodeSetting::Package { install: true, .. }
        | NodeSetting::KernelModule { .. }
        | NodeSetting::Multipath => {}
    }
}

fn change(facts: &mut Facts, asked: &NodeWrite) {
    match &asked.step {
        Some(NodeStep::Sysctl { key, value }) => {
            facts.sysctls.insert(key.clone(), value.clone());
        }
        Some(NodeStep::Load(module)) => {
            facts.modules.insert(module.clone(), ModuleState::Loaded);
        }
        Some(NodeStep::Install(package)) => {
            facts.packages.insert(package.clone());
        }
        Some(NodeStep::Enable(service)) => {
            let running = ServiceState { active: "active".into(), enabled: "enabled".into() };
            facts.services.get_or_insert_default().insert(service.clone(), running);
        }
        None => {}
    }
    if let Some(line) = &asked.line {
        let text = with_line(facts.files.get(&line.path).map(String::as_str), line);
        match text {
            Some(text) => facts.files.insert(line.path.clone(), text),
            None => facts.files.remove(&line.path),
        };
    }
}
