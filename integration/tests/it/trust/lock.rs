//! One apply at a time.

use std::time::{Duration, Instant};

use serde_json::Value;
use stackctl_integration::{ControlPlane, Home};

use crate::robustness::{config_map, stack};

const OBJECTS: usize = 12;

/// The stack `name` as one of its owners has it: each object says whose it is.
fn owner(name: &str, whose: &str) -> Home {
    let home = stack(ControlPlane::shared(), name, "manifest \"objects/*.yaml\"\n")
        .with_variable("USER", whose)
        .with_variable("GITHUB_SERVER_URL", "https://ci.example.com")
        .with_variable("GITHUB_REPOSITORY", "kari/lab")
        .with_variable("GITHUB_RUN_ID", "9");
    ask_for(&home, whose);
    home
}

/// Has each object say this.
fn ask_for(home: &Home, whose: &str) {
    for object in names() {
        let text = config_map(&object).replace("key: value", &format!("key: {whose}"));
        home.write(&format!("objects/{object}.yaml"), &text);
    }
}

fn names() -> impl Iterator<Item = String> {
    (0..OBJECTS).map(|number| format!("object-{number}"))
}

fn whose(name: &str) -> Vec<String> {
    let live = ControlPlane::shared().get(&["-n", name, "configmaps"]).unwrap();
    let items = live["items"].as_array().unwrap().iter();
    let ours = items.filter(|one| one["metadata"]["name"].as_str().unwrap().starts_with("object-"));
    let values: Vec<_> = ours.map(|one| one["data"]["key"].as_str().unwrap().to_owned()).collect();
    assert_eq!(values.len(), OBJECTS);
    values
}

#[test]
fn two_at_once_are_never_a_mixture() {
    let name = "lock-race";
    let (one, other) = (owner(name, "one"), owner(name, "other"));
    let (mut waited, mut refused) = (0, 0);
    for round in 0..100 {
        // Half of the rounds the second waits, in the others it is sent away.
        ask_for(&one, &format!("one-{round}"));
        ask_for(&other, &format!("other-{round}"));
        let patience = if round % 2 == 0 { "60s" } else { "0s" };
        let words = ["apply", "--yes", "--parallelism", "1", "--lock-timeout", patience];
        let children = [one.start(&words), other.start(&words)];
        let ended = children.map(|child| child.wait_with_output().unwrap());
        let codes = [ended[0].status.code(), ended[1].status.code()];
        for one in &ended {
            let err = String::from_utf8_lossy(&one.stderr);
            match one.status.code() {
                Some(0) => waited += usize::from(err.contains("waiting: ")),
                Some(6) => {
                    refused += 1;
                    let is_told = err.contains("has just taken its lock")
                        || err.contains("https://ci.example.com/kari/lab/actions/runs/9) has held");
                    assert!(is_told, "{err}");
                }
                code => {
                    panic!("round {round}: {code:?}\n{}{err}", String::from_utf8_lossy(&one.stdout))
                }
            }
        }
        assert!(codes.contains(&Some(0)), "round {round}: somebody got through");
        assert!(round % 2 != 0 || codes == [Some(0); 2], "round {round}: who waits gets its turn");
        let found = whose(name);
        assert!(found.iter().all(|one| *one == found[0]), "round {round}: a mixture: {found:?}");
    }
    assert!(
        waited > 0 && refused > 0,
        "{waited} waited and {refused} were refused: they never met"
    );
}

/// A Lease of somebody else, renewed this many seconds ago.
fn held(name: &str, seconds: i64) -> Value {
    let at = |offset: i64| {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
        let then = i64::try_from(now.as_secs()).unwrap() - offset;
        let day = then.div_euclid(86_400);
        let (hour, minute, second) = (then.rem_euclid(86_400) / 3600, then % 3600 / 60, then % 60);
        format!("{}T{hour:02}:{minute:02}:{second:02}.000000Z", date(day))
    };
    serde_json::json!({"apiVersion": "coordination.k8s.io/v1", "kind": "Lease",
        "metadata": {"name": format!("stackctl-{name}"), "namespace": name},
        "spec": {"holderIdentity": "kari@attic (process 7, https://ci.example.com/runs/9)",
                 "leaseDurationSeconds": 30, "acquireTime": at(seconds + 5), "renewTime": at(seconds)}})
}

/// Days since 1970 as a date.
fn date(day: i64) -> String {
    let z = day + 719_468;
    let era = z.div_euclid(146_097);
    let doe = z.rem_euclid(146_097);
    let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let month = if mp < 10 { mp + 3 } else { mp - 9 };
    let year = yoe + era * 400 + i64::from(month <= 2);
    format!("{year}-{month:02}-{:02}", doy - (153 * mp + 2) / 5 + 1)
}

#[test]
fn a_holder_is_named_expires_and_can_be_unlocked() {
    let (name, cluster) = ("lock-holder", ControlPlane::shared());
    let home = owner(name, "mine");
    home.run(&["apply", "--yes"]).expect(0);
    home.edit("objects/object-0.yaml", "key: mine", "key: new");
    cluster.apply(&held(name, 0).to_string()).unwrap();
    let said = home.run(&["apply", "--yes"]).expect(6);
    assert!(
        said.err
            .contains("kari@attic (process 7, https://ci.example.com/runs/9) has held the lock"),
        "{}",
        said.err
    );
    assert!(said.err.contains("Next: "), "{}", said.err);
    let said = home.run(&["unlock", "--yes"]).expect(0);
    assert!(said.out.contains("unlocked: kari@attic"), "{}", said.out);
    home.run(&["apply", "--yes"]).expect(0);
    // A dead holder's lease expires by itself; who waits for it goes on.
    home.edit("objects/object-0.yaml", "key: new", "key: newer");
    cluster.apply(&held(name, 27).to_string()).unwrap();
    let begun = Instant::now();
    home.run(&["apply", "--yes", "--lock-timeout", "20s"]).expect(0);
    assert!(begun.elapsed() > Duration::from_millis(500), "it waited");
    let gone = cluster.get(&["-n", name, "leases"]).unwrap();
    assert_eq!(gone["items"].as_array().unwrap().len(), 0, "the lock was given back");
}

#[test]
fn history_is_in_the_cluster() {
    let (name, cluster) = ("lock-history", ControlPlane::shared());
    let home = owner(name, "first");
    home.run(&["apply", "--yes"]).expect(0);
    home.edit("objects/object-0.yaml", "key: first", "key: second");
    home.run(&["apply", "--yes"]).expect(0);
    // From another folder, as from another machine.
    let elsewhere = owner(name, "first");
    let said = elsewhere.run(&["history", "-o", "json"]).expect(0);
    let document: Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!(document["generations"].as_array().unwrap().len(), 2);
    let said = elsewhere.run(&["history", "diff", "1", "2"]).expect(0);
    assert!(
        said.out.contains("- data.key: \"first\"") && said.out.contains("+ data.key: \"second\""),
        "{}",
        said.out
    );
    elsewhere.run(&["rollback", "--yes"]).expect(0);
    assert_eq!(whose(name), ["first"; OBJECTS]);
    let events = cluster.get(&["-n", name, "events.events.k8s.io"]).unwrap();
    let told = |reason: &str| {
        let events = events["items"].as_array().unwrap().iter();
        events.filter(|one| one["reason"] == reason).count()
    };
    assert_eq!((told("Applied"), told("RolledBack")), (2, 1), "{events:#}");
}
