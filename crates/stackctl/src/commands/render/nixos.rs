//! A node's settings as a module of NixOS.

use stackctl_model::{NodeSetting, SysctlRule};

use super::nodes::Wanted;

/// The module.
pub(super) fn module(wanted: &Wanted<'_>) -> String {
    let mut sysctls = Vec::new();
    let mut modules = Vec::new();
    let mut packages = Vec::new();
    let mut lines = Vec::new();
    for setting in &wanted.settings {
        match setting {
            NodeSetting::Sysctl { key, rule, value } => {
                sysctls.push(format!("    {} = {};\n", text(key), sysctl(*rule, value)));
            }
            NodeSetting::KernelModule { name } => modules.push(text(name)),
            NodeSetting::Package { name, .. } => match option(wanted.node, name) {
                Some(line) => lines.push(line),
                None => packages.push(format!("pkgs.{}", text(name))),
            },
            // It comes with what the package line switches on.
            NodeSetting::Service { name } if name == "iscsid" => {}
            NodeSetting::Service { name } => lines.push(format!(
                "  # The service {} must run: switch on the option that brings it.\n",
                plain(name)
            )),
            NodeSetting::Mount { path, source: Some(source) } => lines.push(format!(
                "  # fileSystems.{}: {} must be mounted there.\n",
                text(path),
                plain(source)
            )),
            NodeSetting::Mount { .. } | NodeSetting::Multipath | NodeSetting::Gpu { .. } => {}
        }
    }
    let mut module = format!(
        "# What the stack {} asks of {}: import this in its configuration.\n{{ lib, pkgs, ... }}:\n{{\n",
        plain(wanted.stack),
        plain(wanted.node)
    );
    if !sysctls.is_empty() {
        module.push_str(&format!("  boot.kernel.sysctl = {{\n{}  }};\n", sysctls.concat()));
    }
    if !modules.is_empty() {
        module.push_str(&format!("  boot.kernelModules = [ {} ];\n", modules.join(" ")));
    }
    if !packages.is_empty() {
        let packages = packages.join(" ");
        module.push_str(&format!("  environment.systemPackages = [ {packages} ];\n"));
    }
    module.push_str(&lines.concat());
    module.push_str("}\n");
    module
}

/// A weaker claim than any default, so that a configuration that has more keeps it; or the last word.
fn sysctl(rule: SysctlRule, value: &str) -> String {
    let number = value.parse::<i64>().map_or_else(|_| text(value), |number| number.to_string());
    match rule {
        SysctlRule::AtLeast => format!("lib.mkOverride 1400 {number}"),
        SysctlRule::Exactly => format!("lib.mkForce {number}"),
    }
}

/// The option of NixOS that stands for a package.
fn option(node: &str, package: &str) -> Option<String> {
    match package {
        "open-iscsi" => Some(format!(
            "  services.openiscsi.enable = true;\n  services.openiscsi.name = {};\n",
            text(&format!("iqn.2016-04.com.open-iscsi:{node}"))
        )),
        "nfs-common" => Some("  boot.supportedFilesystems = [ \"nfs\" ];\n".to_owned()),
        _ => None,
    }
}

/// A string of the Nix language.
fn text(value: &str) -> String {
    let mut text = String::from("\"");
    for c in value.chars() {
        match c {
            '"' | '\\' | '$' => {
                text.push('\\');
                text.push(c);
            }
            other => text.push(other),
        }
    }
    text.push('"');
    text
}

/// Words of a comment: one line.
fn plain(value: &str) -> String {
    value.replace(char::is_control, " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_is_sound_nix_whatever_is_asked() {
        let odd = "a\" + ${builtins.readFile /etc/shadow} \\ ''";
        let settings = [
            NodeSetting::Sysctl {
                key: "fs.inotify.max_user_instances".into(),
                rule: SysctlRule::AtLeast,
                value: "512".into(),
            },
            NodeSetting::Sysctl {
                key: "kernel.x".into(),
                rule: SysctlRule::Exactly,
                value: odd.into(),
            },
            NodeSetting::KernelModule { name: "iscsi_tcp".into() },
            NodeSetting::Package { name: "open-iscsi".into(), program: None, install: false },
            NodeSetting::Package { name: odd.into(), program: None, install: false },
            NodeSetting::Package { name: "htop".into(), program: None, install: false },
            NodeSetting::Service { name: "a\nb".into() },
            NodeSetting::Mount { path: "/srv".into(), source: Some(odd.into()) },
        ];
        let wanted = Wanted { stack: "home", node: "nuc", settings: settings.iter().collect() };
        let module = module(&wanted);
        let parsed = rnix::Root::parse(&module);
        assert!(parsed.errors().is_empty(), "{:?}: {module}", parsed.errors());
        assert!(module.contains("\"fs.inotify.max_user_instances\" = lib.mkOverride 1400 512;"));
        assert!(module.contains("boot.kernelModules = [ \"iscsi_tcp\" ];"));
        let mut code = module.lines().filter(|line| !line.trim_start().starts_with('#'));
        assert!(!code.any(|line| line.contains(" ${")), "nothing is interpolated: {module}");
    }
}
