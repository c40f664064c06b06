//! What is only looked at: mounts, multipathd, GPUs. A person does what is missing.

use stackctl_model::Facts;

use super::verdict::{Asked, Verdict};

/// What is mounted at a path.
pub(super) fn mount(asked: &Asked<'_>, path: &str, source: Option<&str>, facts: &Facts) -> Verdict {
    match facts.mounts.get(path) {
        None => Verdict::Finding(format!("nothing is mounted at {path} of {}", asked.node)),
        Some(found) if source.is_some_and(|wanted| wanted != found) => {
            Verdict::Finding(format!("{found} is mounted there"))
        }
        Some(_) => Verdict::Fine,
    }
}

/// Whether multipathd leaves Longhorn's disks alone.
pub(super) fn multipath(asked: &Asked<'_>, facts: &Facts) -> Verdict {
    match &facts.multipath {
        Some(config) if !leaves_disks_alone(config) => Verdict::Finding(format!(
            "multipathd of {} may grab Longhorn's disks: add blacklist {{ devnode \"^sd[a-z0-9]+\" }} to \
             /etc/multipath.conf there, or stop it",
            asked.node
        )),
        Some(_) | None => Verdict::Fine,
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

/// Whether a GPU is there, with its own driver.
pub(super) fn gpu(asked: &Asked<'_>, class: &str, device: Option<&str>, facts: &Facts) -> Verdict {
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
