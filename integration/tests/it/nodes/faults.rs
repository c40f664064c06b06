//! What goes wrong between here and a machine: nothing is half done, and what it was is said.

use stackctl_integration::{ControlPlane, Proxy};

use super::lab::{APPLY, Lab};

const INSTANCES: &str = "max_user_instances";

fn one(name: &str, user: &str) -> Lab {
    let text = format!(
        "node one ssh=\"{user}@one\" {{ sysctl {{ fs.inotify.max_user_instances 512; }}; }}\n"
    );
    Lab::new(name, &["one"], &text)
}

#[test]
fn a_connection_that_breaks_leaves_the_old_file_or_the_new_one() {
    let name = "nodes-broken";
    let lab = one(name, "ops");
    lab.apply();
    let old = lab.own("one", name).unwrap();
    let new = old.replace("512", "600");
    let proxy = Proxy::to(&format!("{}:22", lab.machines.address("one").unwrap())).unwrap();
    lab.machines
        .prepend_config(&format!("Host one\n  HostName 127.0.0.1\n  Port {}", proxy.port()))
        .unwrap();
    lab.home.edit("stack.kdl", "512", "600");
    let mut broke = 0;
    for bytes in (2_000..22_000).step_by(1_500) {
        proxy
            .add(&serde_json::json!({"type": "limit_data", "stream": "upstream", "attributes": {"bytes": bytes}}))
            .unwrap();
        broke += u32::from(lab.home.run(APPLY).code != 0);
        proxy.clear().unwrap();
        let found = lab.own("one", name).unwrap();
        assert!(found == old || found == new, "after {bytes} bytes: {found}");
        assert_eq!(lab.machines.sh("one", "ls /etc/sysctl.d | wc -l").unwrap(), "1", "{bytes}");
    }
    assert!(broke > 2, "{broke} runs were broken");
    lab.apply();
    assert_eq!(lab.own("one", name).unwrap(), new);
    lab.nothing_to_do();
}

#[test]
fn a_changed_host_key_stops_everything_on_that_machine() {
    let name = "nodes-key";
    let lab = one(name, "ops");
    lab.machines.forget_host_key("one").unwrap();
    let said = lab.home.run(&["plan"]).expect(0);
    let flat = said.out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(flat.contains("one shows another host key than the one in known_hosts"), "{flat}");
    let said = lab.home.run(APPLY).expect(10);
    assert!(said.out.contains("ssh-keygen -R one"), "{}", said.out);
    assert_eq!((lab.limit("one", INSTANCES), lab.own("one", name)), (128, None));
}

#[test]
fn who_may_not_use_sudo_is_told_what_is_missing() {
    let name = "nodes-guest";
    let lab = one(name, "guest");
    let said = lab.home.run(&["plan"]).expect(0);
    let flat = said.out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        flat.contains(
            "guest may not use sudo without a password there (sudo: a password is required)"
        ),
        "{flat}"
    );
    assert!(flat.contains("`guest ALL=(root) NOPASSWD: ALL`"), "{flat}");
    lab.home.run(APPLY).expect(9);
    assert_eq!((lab.limit("one", INSTANCES), lab.own("one", name)), (128, None));
}

#[test]
fn shell_metacharacters_are_inert() {
    let odd = "$(touch /run/owned); `touch /run/owned` 'x\\\"";
    let text = format!(
        "node one ssh=\"ops@one\" {{
    sysctl {{ kernel.domainname exactly \"{odd}\"; }}
    package \"a;touch /run/owned\" \"$(touch /run/owned)\" \"b' || touch /run/owned; '\"
    service \"$(touch /run/owned)\"
    kernel-module \"`touch /run/owned`\"
    mount \"/srv/$(touch /run/owned)\"
    gpu odd \"/dev/$(touch /run/owned)\"
}}
"
    );
    let lab = Lab::new("nodes-odd", &["one"], &text);
    let said = lab.home.run(APPLY).expect(9);
    assert!(said.out.contains("node/one/kernel-module/`touch /run/owned`"), "{}", said.out);
    assert_eq!(lab.machines.sh("one", "ls /run | grep -c owned || true").unwrap(), "0");
    let value = "$(touch /run/owned); `touch /run/owned` 'x\"";
    assert_eq!(lab.machines.sh("one", "cat /proc/sys/kernel/domainname").unwrap(), value);
    let own = lab.own("one", "nodes-odd").unwrap();
    assert!(own.ends_with(&format!("kernel.domainname = {value}\n")), "{own}");
}

#[test]
fn a_machine_that_may_be_off_is_deferred_and_one_that_may_not_blocks_only_what_needs_it() {
    let name = "nodes-off";
    let app = |app: &str, node: &str| {
        format!("app {app} module=app {{ image \"docker.io/library/nginx:1\"; node {node}; }}\n")
    };
    let text = format!(
        "defaults {{ node {{ sysctl {{ fs.inotify.max_user_instances 512; }}; }}; }}
node nuc-01 ssh=\"ops@nuc-01\"
node nuc-02 ssh=\"ops@nuc-02\"
node nas ssh=\"ops@nas\" optional=#true
{}{}",
        app("here", "nuc-01"),
        app("there", "nuc-02"),
    );
    let lab = Lab::new(name, &["nuc-01", "nuc-02", "nas"], &text);
    lab.machines.link("nas", false).unwrap();
    lab.machines.link("nuc-02", false).unwrap();
    let said = lab.home.run(APPLY).expect(10);
    assert!(said.out.contains("1 deferred"), "{}", said.out);
    assert!(said.out.contains("skipped: deployment/nodes-off/there"), "{}", said.out);
    let live = |app: &str| ControlPlane::shared().get(&["-n", name, &format!("deployment/{app}")]);
    assert_eq!(live("here").unwrap()["status"]["availableReplicas"], 1);
    assert!(live("there").is_err());
    assert_eq!(lab.limit("nuc-01", INSTANCES), 512);
    lab.machines.link("nuc-02", true).unwrap();
    // Only the machine that may be off is missing now.
    lab.home.run(APPLY).expect(9);
    assert_eq!(live("there").unwrap()["status"]["availableReplicas"], 1);
    let plan = lab.plan();
    assert_eq!(plan["summary"]["deferred"], 1, "{plan:#}");
    lab.machines.link("nas", true).unwrap();
    lab.apply();
    assert_eq!(lab.limit("nas", INSTANCES), 512);
    lab.nothing_to_do();
}

#[test]
fn a_jump_host_of_the_users_configuration_is_honoured() {
    let lab = one("nodes-jump", "ops");
    // The machine behind the jump host is the jump host itself, by its loopback address.
    lab.machines
        .prepend_config("Host inner\n  HostName 127.0.0.1\n  HostKeyAlias one\n  ProxyJump ops@one")
        .unwrap();
    lab.home.edit("stack.kdl", "ops@one", "root@inner");
    lab.apply();
    assert_eq!(lab.limit("one", INSTANCES), 512);
}
