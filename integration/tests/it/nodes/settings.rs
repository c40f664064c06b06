//! Kernel settings: seen, written, read back, kept, and taken away.

use stackctl_integration::{ControlPlane, Home, built_stackctl};

use super::lab::{APPLY, Lab};

const INSTANCES: &str = "max_user_instances";
const WATCHES: &str = "max_user_watches";

const BOTH: &str = "defaults { node { sysctl {
    fs.inotify.max_user_instances 512
    fs.inotify.max_user_watches 524288
}; }; }
";

fn three(rest: &str) -> String {
    format!(
        "node one ssh=\"ops@one\"\nnode two ssh=\"root@two\"\nnode three ssh=\"ops@three\"\n{rest}"
    )
}

#[test]
fn fresh_machines_get_what_is_asked_for_and_the_second_plan_is_empty() {
    let name = "nodes-fresh";
    let lab = Lab::new(name, &["one", "two", "three"], &three(BOTH));
    let said = lab.home.run(&["plan"]).expect(0);
    for line in [
        "+ node/two/sysctl/fs.inotify.max_user_instances  it is 128, at least 512 is asked for",
        "live: \"128\" → \"512\"",
        "/etc/sysctl.d/90-stackctl-nodes-fresh.conf: nothing → \"512\"",
    ] {
        assert!(said.out.contains(line), "{line}: {}", said.out);
    }
    assert_eq!(lab.limit("one", INSTANCES), 128, "a plan writes nothing");
    lab.apply();
    for machine in ["one", "two", "three"] {
        assert_eq!((lab.limit(machine, INSTANCES), lab.limit(machine, WATCHES)), (512, 524_288));
        let own = lab.own(machine, name).unwrap();
        let lines: Vec<&str> = own.lines().collect();
        assert!(lines[0].starts_with("# Written by stackctl"), "{own}");
        assert_eq!(
            lines[1..],
            ["fs.inotify.max_user_instances = 512", "fs.inotify.max_user_watches = 524288"]
        );
        let path = format!("/etc/sysctl.d/90-stackctl-{name}.conf");
        assert_eq!(
            lab.machines.sh(machine, &format!("stat -c '%U %a' {path}")).unwrap(),
            "root 644"
        );
        assert_eq!(lab.machines.sh(machine, "ls /etc/sysctl.d | wc -l").unwrap(), "1");
    }
    lab.nothing_to_do();
}

#[test]
fn drift_is_repaired_and_more_is_left_alone() {
    let name = "nodes-drift";
    let lab = Lab::new(name, &["one"], &format!("node one ssh=\"ops@one\"\n{BOTH}"));
    lab.apply();
    lab.set("one", INSTANCES, 200);
    lab.machines.sh("one", "rm /etc/sysctl.d/90-stackctl-nodes-drift.conf").unwrap();
    let plan = lab.plan();
    let ids: Vec<_> =
        plan["actions"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap()).collect();
    assert_eq!(
        ids,
        [
            "node/one/sysctl/fs.inotify.max_user_instances",
            "node/one/sysctl/fs.inotify.max_user_watches"
        ]
    );
    lab.apply();
    assert_eq!(lab.limit("one", INSTANCES), 512);
    assert_eq!(lab.own("one", name).unwrap().lines().count(), 3);
    // A machine that has more is left alone, and so is its file.
    lab.set("one", INSTANCES, 4096);
    lab.nothing_to_do();
    lab.home.edit("stack.kdl", "max_user_instances 512", "max_user_instances exactly 512");
    lab.apply();
    assert_eq!(lab.limit("one", INSTANCES), 512);
}

#[test]
fn a_machine_that_has_more_from_the_start_gets_no_file() {
    let name = "nodes-more";
    let lab = Lab::new(name, &["one"], &format!("node one ssh=\"ops@one\"\n{BOTH}"));
    lab.set("one", INSTANCES, 1024);
    lab.set("one", WATCHES, 1_048_576);
    lab.apply();
    assert_eq!(lab.limit("one", INSTANCES), 1024);
    assert_eq!(lab.own("one", name), None);
}

#[test]
fn a_file_that_would_override_ours_at_boot_is_named() {
    let name = "nodes-override";
    let lab = Lab::new(name, &["one"], &format!("node one ssh=\"ops@one\"\n{BOTH}"));
    lab.machines
        .sh("one", "echo 'fs.inotify.max_user_instances = 256' > /etc/sysctl.d/99-media.conf")
        .unwrap();
    let words = "At boot /etc/sysctl.d/99-media.conf sets it to 256 after our file";
    let plan = lab.plan();
    let action = &plan["actions"].as_array().unwrap()[1];
    assert!(action["effects"][0].as_str().unwrap().contains(words), "{action:#}");
    lab.apply();
    assert_eq!(lab.limit("one", INSTANCES), 512);
    let plan = lab.plan();
    assert_eq!(plan["actions"].as_array().unwrap().len(), 0, "{plan:#}");
    assert!(plan["findings"][0]["reason"].as_str().unwrap().contains(words), "{plan:#}");
    assert_eq!(
        lab.file("one", "/etc/sysctl.d/99-media.conf").unwrap(),
        "fs.inotify.max_user_instances = 256\n"
    );
}

#[test]
fn what_is_taken_out_of_the_file_goes_and_what_runs_stays_until_a_restart() {
    let name = "nodes-gone";
    let lab = Lab::new(
        name,
        &["one", "two"],
        &format!("node one ssh=\"ops@one\"\nnode two ssh=\"ops@two\"\n{BOTH}"),
    );
    lab.apply();
    lab.home.edit("stack.kdl", "    fs.inotify.max_user_watches 524288\n", "");
    let said = lab.home.run(&["plan"]).expect(0);
    assert!(
        said.out.contains("The running value, 524288, stays until the machine restarts."),
        "{}",
        said.out
    );
    lab.apply();
    assert_eq!(lab.limit("one", WATCHES), 524_288);
    assert_eq!(lab.own("one", name).unwrap().lines().count(), 2);
    // The whole node leaves: it is remembered in the cluster how it was reached.
    lab.home.edit("stack.kdl", "node two ssh=\"ops@two\"\n", "");
    lab.apply();
    assert_eq!(lab.own("two", name), None);
    assert!(lab.own("one", name).is_some());
    lab.nothing_to_do();
    lab.home.run(&["destroy", "--yes"]).expect(0);
    assert_eq!(lab.own("one", name), None);
    assert_eq!(lab.limit("one", INSTANCES), 512);
}

#[test]
fn a_rollback_brings_an_earlier_value_back() {
    let name = "nodes-rollback";
    let lab = Lab::new(
        name,
        &["one"],
        "node one ssh=\"ops@one\" { sysctl { fs.inotify.max_user_instances exactly 300; }; }\n",
    );
    lab.apply();
    lab.home.edit("stack.kdl", "300", "400");
    lab.apply();
    assert_eq!(lab.limit("one", INSTANCES), 400);
    lab.home.run(&["rollback", "--yes"]).expect(0);
    assert_eq!(lab.limit("one", INSTANCES), 300);
}

/// Puts the real limit of this machine back.
struct Restored(String);

const REAL: &str = "/proc/sys/fs/inotify/max_user_instances";

impl Drop for Restored {
    fn drop(&mut self) {
        std::fs::write(REAL, &self.0).unwrap();
        let _ = std::fs::remove_file("/etc/sysctl.d/90-stackctl-nodes-local.conf");
    }
}

#[test]
fn the_machine_it_runs_on_has_a_real_kernel() {
    let was = Restored(std::fs::read_to_string(REAL).unwrap());
    let more = was.0.trim().parse::<u64>().unwrap() + 1;
    let text = format!(
        "stack nodes-local\ncluster context=home\nnode here local=#true {{ sysctl {{ fs.inotify.max_user_instances {more}; }}; }}\n"
    );
    let home = Home::new(built_stackctl(), &text).with_cluster(ControlPlane::shared());
    home.run(APPLY).expect(0);
    assert_eq!(std::fs::read_to_string(REAL).unwrap().trim(), more.to_string());
    assert!(home.run(&["plan"]).expect(0).last_line().starts_with("Nothing to do"));
    home.run(&["destroy", "--yes"]).expect(0);
    assert!(!std::path::Path::new("/etc/sysctl.d/90-stackctl-nodes-local.conf").exists());
    // What the kernel refuses is told, and noted nowhere.
    home.edit("stack.kdl", &more.to_string(), "exactly \"many\"");
    let said = home.run(APPLY).expect(9);
    assert!(said.err.contains("the kernel refuses the value many"), "{}", said.err);
    assert!(!std::path::Path::new("/etc/sysctl.d/90-stackctl-nodes-local.conf").exists());
    home.run(&["destroy", "--yes"]).expect(0);
}
