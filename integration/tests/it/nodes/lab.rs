//! A stack on machines.

use stackctl_integration::{ControlPlane, Home, Machines};

use crate::robustness::stack;

pub(super) const APPLY: &[&str] = &["apply", "--yes", "--timeout", "1m"];

/// Machines, and a stack that has them.
pub(super) struct Lab {
    pub(super) machines: Machines,
    pub(super) home: Home,
}

impl Lab {
    /// Machines of these names, and a stack with this text.
    pub(super) fn new(name: &str, machines: &[&str], text: &str) -> Self {
        let machines = Machines::start(machines, &["iscsi_tcp"]).unwrap();
        let config = machines.config().display().to_string();
        let home =
            stack(ControlPlane::shared(), name, text).with_variable("STACKCTL_SSH_CONFIG", &config);
        Self { machines, home }
    }

    /// A limit of inotify as it is in force.
    pub(super) fn limit(&self, machine: &str, name: &str) -> u64 {
        let text = std::fs::read_to_string(self.machines.inotify(machine, name)).unwrap();
        text.trim().parse().unwrap()
    }

    /// Sets a limit by hand.
    pub(super) fn set(&self, machine: &str, name: &str, value: u64) {
        std::fs::write(self.machines.inotify(machine, name), format!("{value}\n")).unwrap();
    }

    /// A file as it is on a machine.
    pub(super) fn file(&self, machine: &str, path: &str) -> Option<String> {
        let path = path.strip_prefix("/etc/").unwrap();
        std::fs::read_to_string(self.machines.etc(machine).join(path)).ok()
    }

    /// Our own file of kernel settings.
    pub(super) fn own(&self, machine: &str, stack: &str) -> Option<String> {
        self.file(machine, &format!("/etc/sysctl.d/90-stackctl-{stack}.conf"))
    }

    pub(super) fn plan(&self) -> serde_json::Value {
        let said = self.home.run(&["plan", "-o", "json"]).expect(0);
        serde_json::from_str(&said.out).unwrap()
    }

    pub(super) fn apply(&self) {
        self.home.run(APPLY).expect(0);
    }

    #[track_caller]
    pub(super) fn nothing_to_do(&self) {
        let said = self.home.run(&["plan"]).expect(0);
        assert!(said.last_line().starts_with("Nothing to do"), "{}", said.out);
    }
}
