//! What a setting of a machine is called: the part of its id after the machine's name.

use std::fmt;
use std::str::FromStr;

use crate::NodeSetting;

/// The name of one setting of a machine, unique there. Printed as `sysctl/fs.inotify.max_user_watches`.
///
/// The variants stand in the order of their words, so that ids sort as they print.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SettingName {
    /// A GPU, by its class.
    Gpu(String),
    /// A kernel module.
    KernelModule(String),
    /// What is mounted at a path, without that path's first slash.
    Mount(String),
    /// How multipathd treats Longhorn's disks.
    Multipath,
    /// A package.
    Package(String),
    /// A service.
    Service(String),
    /// A kernel setting, by its key.
    Sysctl(String),
}

impl SettingName {
    /// No name comes before this one.
    pub(crate) const FIRST: Self = Self::Gpu(String::new());

    fn word(&self) -> &'static str {
        match self {
            Self::Gpu(_) => "gpu",
            Self::KernelModule(_) => "kernel-module",
            Self::Mount(_) => "mount",
            Self::Multipath => "multipath",
            Self::Package(_) => "package",
            Self::Service(_) => "service",
            Self::Sysctl(_) => "sysctl",
        }
    }
}

impl NodeSetting {
    /// What it is called on its machine.
    pub fn name(&self) -> SettingName {
        match self {
            Self::Sysctl { key, .. } => SettingName::Sysctl(key.clone()),
            Self::KernelModule { name } => SettingName::KernelModule(name.clone()),
            Self::Package { name, .. } => SettingName::Package(name.clone()),
            Self::Service { name } => SettingName::Service(name.clone()),
            Self::Mount { path, .. } => SettingName::Mount(path.trim_start_matches('/').to_owned()),
            Self::Multipath => SettingName::Multipath,
            Self::Gpu { class, .. } => SettingName::Gpu(class.clone()),
        }
    }
}

impl fmt::Display for SettingName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = self.word();
        match self {
            Self::Gpu(name)
            | Self::KernelModule(name)
            | Self::Mount(name)
            | Self::Package(name)
            | Self::Service(name)
            | Self::Sysctl(name) => write!(f, "{word}/{name}"),
            Self::Multipath => f.write_str(word),
        }
    }
}

impl FromStr for SettingName {
    type Err = ();

    /// Reads what was printed.
    fn from_str(text: &str) -> Result<Self, ()> {
        let Some((word, name)) = text.split_once('/') else {
            return if text == Self::Multipath.word() { Ok(Self::Multipath) } else { Err(()) };
        };
        let name = name.to_owned();
        Ok(match word {
            "gpu" => Self::Gpu(name),
            "kernel-module" => Self::KernelModule(name),
            "mount" => Self::Mount(name),
            "package" => Self::Package(name),
            "service" => Self::Service(name),
            "sysctl" => Self::Sysctl(name),
            _ => return Err(()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_back_and_sort_as_they_print() {
        let names = [
            SettingName::Gpu("intel".into()),
            SettingName::KernelModule("iscsi_tcp".into()),
            SettingName::Mount("srv/media".into()),
            SettingName::Multipath,
            SettingName::Package("open-iscsi".into()),
            SettingName::Service("iscsid".into()),
            SettingName::Sysctl("net/ipv4/conf/eth0.5/x".into()),
        ];
        let texts: Vec<String> = names.iter().map(ToString::to_string).collect();
        let read: Vec<SettingName> = texts.iter().map(|text| text.parse().unwrap()).collect();
        assert_eq!(read, names);
        assert!(texts.is_sorted() && names.is_sorted());
        assert!(names.iter().all(|name| *name >= SettingName::FIRST));
        assert!(
            ["sysctl", "multipath/x", "color/x", ""]
                .iter()
                .all(|text| text.parse::<SettingName>().is_err())
        );
    }

    #[test]
    fn a_mount_is_called_by_its_path() {
        let mount = NodeSetting::Mount { path: "/srv/media".into(), source: None };
        assert_eq!(mount.name().to_string(), "mount/srv/media");
    }
}
