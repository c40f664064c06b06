//! Generations: who applied what, how two of them differ, and the way back.

use serde_json::Value;
use stackctl_integration::Home;

use crate::command::home;

const APPLY: &[&str] = &["apply", "--sandbox", "--yes"];
const DEPLOYMENT: &str = ".stackctl/sandbox/objects/deployment/tiny/jellyfin.yaml";

/// Applied twice: with 6Gi, then with 7Gi and a second app.
fn twice() -> Home {
    let lab = home("stack tiny\napp jellyfin { memory \"2Gi..6Gi\"; }\n");
    lab.run(APPLY).expect(0);
    lab.write("stack.kdl", "stack tiny\napp jellyfin { memory \"2Gi..7Gi\"; }\napp sonarr\n");
    lab.run(APPLY).expect(0);
    lab
}

fn generations(lab: &Home) -> Vec<Value> {
    let said = lab.run(&["history", "--sandbox", "-o", "json"]).expect(0);
    let document: Value = serde_json::from_str(&said.out).unwrap();
    document["generations"].as_array().unwrap().clone()
}

#[test]
fn each_apply_is_remembered_and_an_empty_one_is_not() {
    let lab = home("stack tiny\napp jellyfin\n");
    assert!(lab.run(&["history", "--sandbox"]).expect(0).out.contains("No apply is remembered"));
    let lab = twice();
    lab.run(APPLY).expect(0);
    let all = generations(&lab);
    let told: Vec<_> =
        all.iter().map(|one| (&one["number"], &one["outcome"], &one["goal"])).collect();
    assert_eq!(
        told,
        [
            (&1.into(), &"done".into(), &"apply".into()),
            (&2.into(), &"done".into(), &"apply".into())
        ]
    );
    let text = lab.run(&["history", "--sandbox"]).expect(0).out;
    assert!(text.starts_with("2  ") && text.contains("by someone@"), "{text}");
}

#[test]
fn two_generations_are_compared() {
    let lab = twice();
    let said = lab.run(&["history", "diff", "1", "2", "--sandbox"]).expect(0);
    assert!(
        said.out.contains("limits.memory: \"6Gi\"")
            && said.out.contains("create deployment/tiny/sonarr"),
        "{}",
        said.out
    );
    let back = lab.run(&["history", "diff", "2", "1", "--sandbox"]).expect(0);
    assert!(back.out.contains("delete deployment/tiny/sonarr"), "{}", back.out);
    lab.run(&["history", "diff", "1", "9", "--sandbox"]).expect(64);
}

#[test]
fn the_way_back_is_a_plan_like_any_other() {
    let lab = twice();
    let shown = lab.run(&["rollback", "--sandbox", "--dry-run"]).expect(0);
    insta::assert_snapshot!("rollback", shown.out);
    assert!(lab.read(DEPLOYMENT).contains("7Gi"));
    lab.run(&["rollback", "--sandbox"]).expect(5);
    let said = lab.run(&["rollback", "1", "--sandbox", "--yes"]).expect(0);
    assert!(said.err.contains("stack.kdl is as it was"), "{}", said.err);
    assert!(lab.read(DEPLOYMENT).contains("6Gi"));
    assert_eq!(generations(&lab).last().unwrap()["goal"], "rollback to 1");
    assert!(
        lab.path()
            .join(".stackctl/sandbox/objects/persistentvolumeclaim/tiny/sonarr-config.yaml")
            .exists()
    );
    lab.run(&["rollback", "9", "--sandbox", "--yes"]).expect(64);
}

#[test]
fn ten_are_remembered_and_no_secret_in_any() {
    let lab = home("stack tiny\nsecret keys { TOKEN (file)\"token\"; }\nmanifest \"own.yaml\"\n");
    lab.write(
        "own.yaml",
        "apiVersion: v1\nkind: Secret\nmetadata: {name: own}\nstringData: {a: canary-literal}\n",
    );
    for number in 0..12 {
        lab.write("token", &format!("canary-{number}"));
        lab.run(APPLY).expect(0);
    }
    let all = generations(&lab);
    assert_eq!((all.len(), &all[0]["number"]), (10, &3.into()));
    for entry in std::fs::read_dir(lab.path().join(".stackctl/sandbox/generations/tiny")).unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        assert!(!text.contains("canary") && !text.contains("Y2FuYXJ5"), "{text}");
    }
    // The value of the manifest's own Secret is nowhere recorded: it stays as it is.
    let shown = lab.run(&["rollback", "5", "--sandbox", "--yes"]).expect(0);
    assert!(shown.last_line().starts_with("Nothing to do"), "{}", shown.out);
}

#[test]
fn nobody_is_unlocked_where_nobody_locks() {
    let lab = twice();
    assert_eq!(lab.run(&["unlock", "--sandbox", "--yes"]).expect(0).out, "nobody held the lock\n");
    lab.run(&["unlock", "--sandbox"]).expect(5);
}
