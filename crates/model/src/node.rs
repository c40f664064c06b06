//! Machines: how they are reached, what is asked of them, what was seen of them.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

/// How a machine is reached, and what stackctl may do there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reach {
    /// The way to it.
    pub way: Way,
    /// What runs on it, where the stack says so; looked up on the machine otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub system: Option<OperatingSystem>,
    /// Whether it may be off.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub optional: bool,
}

/// The way to a machine.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Way {
    /// The stack names none.
    #[default]
    None,
    /// It is the machine that stackctl runs on.
    Local,
    /// A destination as ssh takes it: `user@host`.
    Ssh(String),
}

/// What kind of system a machine runs: where its settings belong.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OperatingSystem {
    /// Settings are files below `/etc`.
    #[default]
    Linux,
    /// `/etc` is made from a configuration; stackctl writes nothing there.
    Nixos,
    /// Configured through its own API only.
    Talos,
}

impl OperatingSystem {
    /// The name people know.
    pub fn name(self) -> &'static str {
        match self {
            Self::Linux => "Linux",
            Self::Nixos => "NixOS",
            Self::Talos => "Talos",
        }
    }
}

/// One thing asked of a machine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OnNode {
    /// How the machine is reached.
    pub reach: Reach,
    /// What is asked of it.
    pub setting: NodeSetting,
}

/// What may be asked of a machine.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "setting", rename_all = "kebab-case")]
pub enum NodeSetting {
    /// A kernel setting.
    Sysctl {
        /// Such as `fs.inotify.max_user_watches`.
        key: String,
        /// How the value is meant.
        rule: SysctlRule,
        /// The value asked for.
        value: String,
    },
    /// A kernel module that is loaded, now and at boot.
    KernelModule {
        /// Its name.
        name: String,
    },
    /// An installed package.
    Package {
        /// Its name.
        name: String,
        /// A program that is as good as the package, wherever it came from.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        program: Option<String>,
        /// Whether stackctl may install it.
        install: bool,
    },
    /// A systemd service that runs, now and at boot.
    Service {
        /// Its name.
        name: String,
    },
    /// A mounted file system; only looked at.
    Mount {
        /// Where.
        path: String,
        /// What; anything when not said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        source: Option<String>,
    },
    /// That multipathd leaves Longhorn's disks alone; only looked at.
    /// Source: Longhorn's knowledge base, "volume with multipath".
    Multipath,
    /// A GPU; only looked at.
    Gpu {
        /// Such as `intel`.
        class: String,
        /// Its render node, such as `/dev/dri/renderD128`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        device: Option<String>,
    },
}

/// How the value of a kernel setting is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SysctlRule {
    /// A machine that has more is left alone.
    AtLeast,
    /// This and nothing else.
    Exactly,
}

/// What became of looking at a machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Machine {
    /// It was seen.
    Seen(Box<Facts>),
    /// It cannot be reached; why, in the words of ssh.
    Unreachable(String),
    /// The stack names no way to it.
    Unasked,
}

impl Machine {
    /// What was seen.
    pub fn facts(&self) -> Option<&Facts> {
        match self {
            Self::Seen(facts) => Some(facts),
            Self::Unreachable(_) | Self::Unasked => None,
        }
    }
}

/// What was seen of a machine.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Facts {
    /// What runs on it.
    pub system: OperatingSystem,
    /// Why nothing can be written there, such as a refused sudo.
    pub read_only: Option<String>,
    /// Live values of the kernel settings asked about; those the kernel lacks are missing.
    pub sysctls: BTreeMap<String, String>,
    /// Texts of the files that say what holds after a restart, by path.
    pub files: BTreeMap<String, String>,
    /// Modules asked about that are loaded or built in.
    pub modules: BTreeMap<String, ModuleState>,
    /// Packages asked about, or what is as good, that are installed.
    pub packages: BTreeSet<String>,
    /// Services asked about, where the machine runs systemd; none where it does not.
    pub services: Option<BTreeMap<String, ServiceState>>,
    /// What is mounted where: the source by path.
    pub mounts: BTreeMap<String, String>,
    /// Devices asked about that are there.
    pub devices: BTreeMap<String, Device>,
    /// The configuration of multipathd, where that runs.
    pub multipath: Option<String>,
    /// Use of inotify, where that was asked for.
    pub inotify: Vec<InotifyUse>,
}

/// How a kernel has a module.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ModuleState {
    /// Until the next restart, unless something loads it at boot.
    Loaded,
    /// For ever.
    BuiltIn,
}

/// A service as systemd tells it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceState {
    /// Such as `active`.
    pub active: String,
    /// Such as `enabled`.
    pub enabled: String,
}

/// A device.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Device {
    /// The group that owns it, by number.
    pub group: i64,
    /// The kernel driver behind it; empty where that is not known.
    pub driver: String,
}

/// How much of the inotify limits one user has taken.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct InotifyUse {
    /// The user, by number.
    pub uid: u32,
    /// Of `fs.inotify.max_user_instances`.
    pub instances: u64,
    /// Of `fs.inotify.max_user_watches`.
    pub watches: u64,
}

/// How one setting is written to a machine.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NodeWrite {
    /// What is done at once.
    pub step: Option<NodeStep>,
    /// What is noted for the next boot, once that has worked.
    pub line: Option<FileLine>,
}

/// What is done to a running machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NodeStep {
    /// Set a kernel setting and read it back.
    Sysctl {
        /// Such as `fs.inotify.max_user_watches`.
        key: String,
        /// The new value.
        value: String,
    },
    /// Load a kernel module.
    Load(String),
    /// Install a package.
    Install(String),
    /// Enable and start a service.
    Enable(String),
}

/// One line of a file that is stackctl's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileLine {
    /// The file.
    pub path: String,
    /// What tells the line from the others: what comes before its `=`.
    pub key: String,
    /// The line; none takes it out, and the last one takes the file with it.
    pub text: Option<String>,
}
