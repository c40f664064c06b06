//! Modules, packages, services, mounts and GPUs.

use std::io::Write;
use std::process::{Command, Stdio};

use stackctl_integration::{Cache, Home, Part, built_stackctl};

use super::lab::{APPLY, Lab};

fn reasons(plan: &serde_json::Value, list: &str) -> Vec<String> {
    let all = plan[list].as_array().unwrap().iter();
    all.map(|one| format!("{}: {}", one["id"].as_str().unwrap(), one["reason"].as_str().unwrap()))
        .collect()
}

/// Makes a package that apt can get, and a service that comes with it.
const REPOSITORY: &str = r#"set -e
mkdir -p /var/repo/build/DEBIAN /var/repo/build/lib/systemd/system
cd /var/repo
printf 'Package: stackctl-probe\nVersion: 1\nArchitecture: all\nMaintainer: nobody <nobody@example.com>\nDescription: none\n' > build/DEBIAN/control
printf '[Service]\nExecStart=/bin/sleep infinity\n[Install]\nWantedBy=login.target\n' > build/lib/systemd/system/probe.service
dpkg-deb --build build probe.deb >/dev/null
{ cat build/DEBIAN/control; printf 'Filename: ./probe.deb\nSize: %s\nSHA256: %s\n' "$(stat -c %s probe.deb)" "$(sha256sum probe.deb | cut -d ' ' -f 1)"; } > Packages
rm -rf /etc/apt/sources.list /etc/apt/sources.list.d/*
echo 'deb [trusted=yes] file:/var/repo ./' > /etc/apt/sources.list
"#;

#[test]
fn a_package_is_installed_only_where_the_block_says_so_and_its_service_runs() {
    let text = "node systemd-1 ssh=\"ops@systemd-1\" { package stackctl-probe; service probe; }\n";
    let lab = Lab::new("nodes-package", &["systemd-1"], text);
    lab.machines.sh("systemd-1", REPOSITORY).unwrap();
    let plan = lab.plan();
    assert_eq!(
        reasons(&plan, "findings"),
        [
            "node/systemd-1/package/stackctl-probe: it is not installed on systemd-1; install it there, or say \
             install=#true",
            "node/systemd-1/service/probe: systemd-1 has no service of that name",
        ]
    );
    lab.apply();
    assert!(
        lab.machines.sh("systemd-1", "dpkg -s stackctl-probe").is_err(),
        "nothing was said of installing"
    );
    lab.home.edit("stack.kdl", "package stackctl-probe", "package stackctl-probe install=#true");
    lab.apply();
    let state = "systemctl is-active probe; systemctl is-enabled probe";
    assert_eq!(lab.machines.sh("systemd-1", state).unwrap(), "active\nenabled");
    lab.nothing_to_do();
    lab.machines.sh("systemd-1", "systemctl disable --now -q probe").unwrap();
    let plan = lab.plan();
    assert_eq!(
        reasons(&plan, "actions"),
        ["node/systemd-1/service/probe: it is inactive and disabled on systemd-1"]
    );
    lab.apply();
    assert_eq!(lab.machines.sh("systemd-1", state).unwrap(), "active\nenabled");
    lab.nothing_to_do();
}

#[test]
fn longhorn_s_needs_are_told_and_what_can_be_done_is_done() {
    let name = "nodes-longhorn";
    let lab = Lab::new(
        name,
        &["one"],
        "node one ssh=\"ops@one\" { longhorn-host; mount \"/srv/media\" \"nas:/media\"; mount \"/proc\"; }\n",
    );
    let plan = lab.plan();
    assert_eq!(
        reasons(&plan, "findings"),
        [
            "node/one/mount/srv/media: nothing is mounted at /srv/media of one",
            "node/one/package/nfs-common: one has neither it nor the program mount.nfs; install it there, or say \
             install=#true",
            "node/one/package/open-iscsi: one has neither it nor the program iscsiadm; install it there, or say \
             install=#true",
            "node/one/service/iscsid: one does not run systemd, so whether iscsid runs cannot be seen",
        ]
    );
    assert_eq!(
        reasons(&plan, "actions")[1..],
        ["node/one/kernel-module/iscsi_tcp: nothing loads it at boot"]
    );
    lab.apply();
    let path = format!("/etc/modules-load.d/90-stackctl-{name}.conf");
    assert!(lab.file("one", &path).unwrap().ends_with("\niscsi_tcp\n"));
    // A program is as good as the package it usually comes in.
    lab.machines
        .sh("one", "for name in iscsiadm mount.nfs; do install -m 755 /bin/true /usr/local/sbin/$name; done")
        .unwrap();
    let findings = reasons(&lab.plan(), "findings");
    assert!(!findings.iter().any(|one| one.contains("/package/")), "{findings:?}");
    lab.home.edit("stack.kdl", "longhorn-host", "kernel-module no_such_module");
    let said = lab.home.run(APPLY).expect(9);
    assert!(said.out.contains("it cannot be loaded"), "{}", said.out);
    assert_eq!(lab.file("one", &path), None, "iscsi_tcp was taken out, and no other noted");
}

#[test]
fn multipathd_that_may_grab_longhorn_s_disks_is_found() {
    let lab =
        Lab::new("nodes-multipath", &["one"], "node one ssh=\"ops@one\" { longhorn-host; }\n");
    let warns = || {
        reasons(&lab.plan(), "findings")
            .iter()
            .any(|one| one.contains("multipathd of one may grab"))
    };
    assert!(!warns(), "it does not run");
    lab.machines
        .sh(
            "one",
            "cp /bin/sleep /run/multipathd; nohup /run/multipathd 600 >/dev/null 2>&1 & echo",
        )
        .unwrap();
    assert!(warns());
    lab.machines
        .sh("one", "printf 'blacklist {\\n  devnode \"^sd[a-z0-9]+\"\\n}\\n' > /etc/multipath.conf")
        .unwrap();
    assert!(!warns());
}

#[test]
fn nothing_is_written_to_nixos_and_talos() {
    let name = "nodes-nixos";
    let text = "node one ssh=\"ops@one\" { sysctl { fs.inotify.max_user_instances 512; }; kernel-module iscsi_tcp nfs; }
node two system=talos { sysctl { fs.inotify.max_user_instances 512; }; }
";
    let lab = Lab::new(name, &["one"], text);
    lab.machines.sh("one", "rm /etc/os-release; echo ID=nixos > /etc/os-release").unwrap();
    let said = lab.home.run(APPLY).expect(0);
    assert!(said.out.contains("two runs Talos, see stackctl render talos"), "{}", said.out);
    let plan = lab.plan();
    assert_eq!(
        reasons(&plan, "findings"),
        [
            "node/one/kernel-module/nfs: it is not loaded; one runs NixOS, where stackctl writes nothing: see stackctl \
             render nixos",
            "node/one/sysctl/fs.inotify.max_user_instances: it is 128, at least 512 is asked for; one runs NixOS, \
             where stackctl writes nothing: see stackctl render nixos",
        ]
    );
    assert_eq!((lab.own("one", name), lab.limit("one", "max_user_instances")), (None, 128));
    lab.set("one", "max_user_instances", 512);
    assert_eq!(reasons(&lab.plan(), "findings").len(), 1);
}

#[test]
fn talos_own_loader_takes_the_patch() {
    let text = "stack home
node nuc system=talos {
    longhorn-host
    package qemu
    kernel-module nbd
    sysctl { fs.inotify.max_user_instances 512; kernel.domainname exactly \"a: b # c\"; }
}
";
    let home = Home::new(built_stackctl(), text);
    let patch = home.run(&["render", "talos"]).expect(0).out;
    let parts = Cache::open().unwrap().ensure(&[Part::Talos]).unwrap();
    let mut talos = Command::new(parts.program(Part::Talos, "talos"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    talos.stdin.take().unwrap().write_all(patch.as_bytes()).unwrap();
    let output = talos.wait_with_output().unwrap();
    let (out, err) =
        (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert!(output.status.success(), "{err}\n{patch}");
    let config: serde_json::Value =
        serde_saphyr::from_str(out.split("\n---\n").next().unwrap()).unwrap();
    let machine = &config["machine"];
    assert_eq!(machine["sysctls"]["fs.inotify.max_user_instances"], "512");
    assert_eq!(machine["sysctls"]["kernel.domainname"], "a: b # c");
    let modules = machine["kernel"]["modules"].as_array().unwrap().iter();
    assert_eq!(
        modules.map(|one| one["name"].as_str().unwrap()).collect::<Vec<_>>(),
        ["iscsi_tcp", "nbd"]
    );
    assert_eq!(machine["kubelet"]["extraMounts"][0]["destination"], "/var/lib/longhorn");
}
