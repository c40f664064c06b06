//! What comes of looking at one setting of a machine, and how that becomes an operation.

use stackctl_model::{
    Change, ChangeValue, Facts, FieldPath, Held, MachineWrite, NodeWrite, OperatingSystem,
    Operation,
};

/// The setting that is decided about, and where.
pub(super) struct Asked<'a> {
    pub(super) stack: &'a str,
    pub(super) node: &'a str,
    /// Whether a package of this machine is installed by the same plan.
    pub(super) installs: bool,
}

/// What comes of looking at one setting.
pub(super) enum Verdict {
    /// It is as asked for.
    Fine,
    /// It is not, and stackctl does something about it.
    Act(Act),
    /// It is not, and a person has to.
    Finding(String),
}

/// What is done about a setting.
pub(super) struct Act {
    pub(super) reason: String,
    pub(super) changes: Vec<Change>,
    pub(super) effects: Vec<String>,
    pub(super) write: NodeWrite,
    pub(super) is_new: bool,
    pub(super) is_confirmed: bool,
}

impl Asked<'_> {
    /// Where a setting is made, when not below `/etc`.
    pub(super) fn made_elsewhere(&self, facts: &Facts) -> Option<String> {
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

/// The write; held where nothing can be written.
pub(super) fn operation(write: MachineWrite, facts: &Facts) -> Operation {
    match &facts.read_only {
        Some(why) => {
            Operation::Held(Held::Refused { intended: write.comes_to.kind(), why: why.clone() })
        }
        None => Operation::OnMachine(write),
    }
}

/// One thing that changes on a machine.
pub(super) fn change(name: &str, before: Option<&str>, after: Option<&str>) -> Change {
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
