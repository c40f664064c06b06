//! What the block of a node asks of its machine: kernel settings, modules, packages, services, mounts, GPUs.

use std::collections::BTreeMap;

use stackctl_model::{Finding, NodeSetting, SettingName, Spanned, SysctlRule};

use super::gpu::Gpu;
use super::lines::{is_on, said_twice, text_of};
use crate::value::{Block, Value};

/// A kernel setting as it is written.
struct Sysctl {
    /// Such as `fs.inotify.max_user_watches`.
    key: Spanned<String>,
    rule: SysctlRule,
    value: Spanned<String>,
}

/// What the declarations cannot say of settings.
pub(super) fn check_settings(block: &Block) -> Vec<Finding> {
    let mut findings: Vec<_> = block.children_named("sysctl").flat_map(check_sysctls).collect();
    let named = ["kernel-module", "package", "service"];
    let lists = block.children.iter().filter(|child| named.contains(&child.name.value.as_str()));
    findings.extend(lists.flat_map(|list| &list.args).filter_map(check_name));
    findings
}

/// All settings, by name. What a ready-made set asks for too is as the node itself says it.
pub(super) fn settings(block: &Block, gpus: &[Gpu]) -> BTreeMap<SettingName, Spanned<NodeSetting>> {
    let lines = block.children_named("sysctl").flat_map(|all| &all.children);
    let sysctls = lines.filter_map(sysctl).map(sysctl_setting);
    let said = block.children.iter().flat_map(|line| {
        named_settings(line).into_iter().map(|setting| Spanned::new(setting, line.span))
    });
    let all = sysctls.chain(gpus.iter().map(gpu_setting)).chain(said);
    let mut settings: BTreeMap<_, _> = all.map(|setting| (setting.value.name(), setting)).collect();
    for set in block.children_named("longhorn-host").filter(|set| !set.is_turned_off()) {
        for setting in longhorn_host(is_on(set, "install")) {
            let place = set.name.span;
            settings.entry(setting.name()).or_insert_with(|| Spanned::new(setting, place));
        }
    }
    settings
}

fn sysctl_setting(sysctl: Sysctl) -> Spanned<NodeSetting> {
    let value = sysctl.value.value.split_whitespace().collect::<Vec<_>>().join(" ");
    let Spanned { value: key, span } = sysctl.key;
    Spanned::new(NodeSetting::Sysctl { key, rule: sysctl.rule, value }, span)
}

fn gpu_setting(gpu: &Gpu) -> Spanned<NodeSetting> {
    let device = gpu.device.as_ref().map(|device| device.value.clone());
    Spanned::new(NodeSetting::Gpu { class: gpu.class.value.clone(), device }, gpu.class.span)
}

/// What one `kernel-module`, `package`, `service` or `mount` asks for.
fn named_settings(line: &Block) -> Vec<NodeSetting> {
    let texts: Vec<String> =
        line.args.iter().filter_map(|arg| arg.value.as_text().map(str::to_owned)).collect();
    let install = is_on(line, "install");
    let each = |setting: fn(String) -> NodeSetting| texts.iter().cloned().map(setting).collect();
    match line.name.value.as_str() {
        "kernel-module" => each(|name| NodeSetting::KernelModule { name }),
        "service" => each(|name| NodeSetting::Service { name }),
        "package" => {
            let package = |name| NodeSetting::Package { name, program: None, install };
            texts.into_iter().map(package).collect()
        }
        "mount" => {
            let mut texts = texts.into_iter();
            let Some(path) = texts.next() else { return Vec::new() };
            vec![NodeSetting::Mount { path, source: texts.next() }]
        }
        _ => Vec::new(),
    }
}

/// What Longhorn's documentation asks of its nodes. A program stands for its package, since distributions
/// name the packages differently.
fn longhorn_host(install: bool) -> Vec<NodeSetting> {
    let package = |name: &str, program: &str| NodeSetting::Package {
        name: name.to_owned(),
        program: Some(program.to_owned()),
        install,
    };
    vec![
        package("open-iscsi", "iscsiadm"),
        package("nfs-common", "mount.nfs"),
        NodeSetting::KernelModule { name: "iscsi_tcp".to_owned() },
        NodeSetting::Service { name: "iscsid".to_owned() },
        NodeSetting::Multipath,
    ]
}

/// It becomes an argument of a command, and a line of a file.
fn check_name(arg: &Spanned<Value>) -> Option<Finding> {
    let name = arg.value.as_text()?;
    let is_bad = name.is_empty() || name.starts_with('-') || name.contains(char::is_control);
    let message = format!("{name:?} is no name of a module, package or service");
    is_bad.then(|| Finding::error("bad-name", message, arg.span))
}

fn check_sysctls(block: &Block) -> Vec<Finding> {
    let mut findings = said_twice(block);
    for child in &block.children {
        let (key, span) = (child.name.value.as_str(), child.name.span);
        if !is_key(key) {
            let message = format!("`{key}` is no kernel setting");
            let help = "Write its name as sysctl does: fs.inotify.max_user_watches.";
            findings.push(Finding::error("bad-sysctl", message, span).help(help));
        }
        if let Some(sysctl) = sysctl(child) {
            findings.extend(check_value(&sysctl));
        } else {
            let message = format!("`{key}` takes one value");
            let help = format!("Write `{key} 512`, `{key} at-least 512` or `{key} exactly 512`.");
            findings.push(Finding::error("missing-value", message, span).help(help));
        }
    }
    findings
}

/// Its parts become folders below `/proc/sys`.
fn is_key(key: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-:@".contains(c);
    let mut parts = key.split(['.', '/']);
    key.contains(['.', '/']) && parts.all(|part| !part.is_empty() && part.chars().all(plain))
}

fn check_value(sysctl: &Sysctl) -> Option<Finding> {
    let Spanned { value, span } = &sysctl.value;
    if value.trim().is_empty() || value.contains(char::is_control) {
        let message = "a kernel setting's value is one line of text";
        return Some(Finding::error("bad-sysctl", message, *span));
    }
    if sysctl.rule == SysctlRule::AtLeast && value.parse::<i64>().is_err() {
        let message = format!("{value:?} is no number, and at-least compares numbers");
        let help = format!("Write `{} exactly {value:?}`.", sysctl.key.value);
        return Some(Finding::error("bad-sysctl", message, *span).help(help));
    }
    None
}

/// `KEY value`, `KEY at-least value`, `KEY exactly value`.
fn sysctl(block: &Block) -> Option<Sysctl> {
    let key = block.name.clone();
    if !block.props.is_empty() || !block.children.is_empty() {
        return None;
    }
    let (rule, value) = match block.args.as_slice() {
        [value] => (usual_rule(&key.value), value),
        [rule, value] => match rule.value.as_text() {
            Some("at-least") => (SysctlRule::AtLeast, value),
            Some("exactly") => (SysctlRule::Exactly, value),
            Some(_) | None => return None,
        },
        _ => return None,
    };
    Some(Sysctl { key, rule, value: text_of(value)? })
}

/// Nobody minds a larger limit; what another setting means by more is not known here.
fn usual_rule(key: &str) -> SysctlRule {
    let is_limit = key.replace('/', ".").starts_with("fs.inotify.");
    if is_limit { SysctlRule::AtLeast } else { SysctlRule::Exactly }
}
