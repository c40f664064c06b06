//! What a doctor says of real machines.

use serde_json::Value;

use stackctl_integration::ControlPlane;

use super::lab::Lab;
use crate::robustness::stack;

fn symptoms(lab: &Lab) -> Vec<String> {
    let said = lab.home.run(&["doctor", "-o", "json"]);
    let document: Value = serde_json::from_str(&said.out).unwrap();
    let all = document["symptoms"].as_array().unwrap().iter();
    all.map(|one| {
        let text = |name: &str| one[name].as_str().unwrap().to_owned();
        let line = one["source"]["line"].as_u64().map_or("-".to_owned(), |line| line.to_string());
        format!(
            "{} {} {}: {} | {}",
            text("severity"),
            line,
            text("id"),
            text("message"),
            text("advice")
        )
    })
    .collect()
}

#[test]
fn what_the_stack_builds_on_and_the_cluster_lacks_is_told() {
    let text = "storage-class doctors replicas=1
gateway external class=nosuch { https \"*.lab.example.com\"; }
app tv module=app { image \"docker.io/library/nginx:1\"; volume config \"1Gi\" class=doctors; }
";
    let home = stack(ControlPlane::shared(), "nodes-foundations", text);
    let said = home.run(&["doctor"]).expect(3);
    let wanted = "gateway/nodes-foundations/external  the cluster has no gatewayclass/nosuch (stack.kdl:4:1)";
    assert!(said.out.contains(wanted), "{}", said.out);
    assert!(!said.out.contains("no storageclass/doctors"), "{}", said.out);
}

#[test]
fn a_doctor_names_the_worst_first_and_the_line_that_mends_it() {
    let text = "node one ssh=\"ops@one\" {
    sysctl {
        fs.inotify.max_user_watches 65536
    }
    longhorn-host
}
node two ssh=\"ops@two\"  { sysctl { fs.inotify.max_user_instances 256; }; }
";
    let lab = Lab::new("nodes-doctor", &["one", "two"], text);
    lab.machines.link("two", false).unwrap();
    // Each of these holds an instance of inotify.
    let watchers = "touch /run/log
for i in $(seq 110); do setsid su guest -c 'exec tail -f /run/log' >/dev/null 2>&1 & done
until [ \"$(pgrep -c -x tail)\" = 110 ]; do sleep 0.1; done
sleep 1";
    lab.machines.sh("one", watchers).unwrap();
    let said = lab.home.run(&["doctor"]).expect(3);
    assert!(said.last_line().starts_with("Found: "), "{}", said.out);
    assert!(
        said.out.contains(" has 110 of 128 instances and 110 of 65536 watches"),
        "{}",
        said.out
    );
    let all = symptoms(&lab);
    assert!(
        all[0].starts_with("error 9 node/two: ops@two: it does not answer: is it on?"),
        "{all:#?}"
    );
    let crowded = all.iter().find(|one| one.contains("instances of inotify")).unwrap();
    assert!(crowded.contains("has 110 of 128 instances of inotify on one"), "{crowded}");
    assert!(crowded.contains("sysctl { fs.inotify.max_user_instances 512; }"), "{crowded}");
    assert!(
        all.iter().any(|one| one.starts_with("error 7 node/one/package/open-iscsi: ")),
        "{all:#?}"
    );
    assert!(
        all.iter().any(|one| one
            .starts_with("warning 7 node/one/kernel-module/iscsi_tcp: nothing loads it at boot")),
        "{all:#?}"
    );
    assert!(
        all.iter().rposition(|one| one.starts_with("error"))
            < all.iter().position(|one| one.starts_with("warning"))
    );
    assert_eq!(lab.own("one", "nodes-doctor"), None, "a doctor writes nothing");
}
