//! Data outlives its block, in the cluster itself.

use serde_json::Value;
use stackctl_integration::{ControlPlane, Home};

use crate::robustness::stack;

const APPLY: &[&str] = &["apply", "--yes", "--timeout", "2m"];

fn home(name: &str) -> Home {
    let rest = format!(
        "storage-class {name} replicas=1\ndefaults {{ app {{ volume config \"1Gi\" class={name}; }}; }}\n\
         app prowlarr\napp radarr\napp sonarr\n"
    );
    let home = stack(ControlPlane::shared(), name, &rest);
    home.run(APPLY).expect(0);
    home
}

fn get(name: &str, what: &str) -> Value {
    ControlPlane::shared().get(&["-n", name, what]).unwrap()
}

#[test]
fn an_app_is_stopped_kept_and_comes_back_with_its_data() {
    let name = "retire-back";
    let home = home(name);
    let (claim, secret) = ("pvc/sonarr-config", "secret/sonarr-secrets");
    let (uid, keys) =
        (get(name, claim)["metadata"]["uid"].clone(), get(name, secret)["data"].clone());
    home.edit("stack.kdl", "app sonarr\n", "");
    home.run(APPLY).expect(0);
    assert_eq!(get(name, "deployment/sonarr")["spec"]["replicas"], 0);
    let kept = get(name, claim);
    assert_eq!(kept["metadata"]["labels"]["stackctl.io/retired-from"], name);
    assert!(
        kept["metadata"]["annotations"]["stackctl.io/retired-at"]
            .as_str()
            .unwrap()
            .starts_with("20")
    );
    assert!(home.run(APPLY).expect(0).last_line().starts_with("Nothing to do"));
    // Protection is in the cluster: another folder, without the block, cannot take it away either.
    let said = home.run(&["destroy", "--yes"]).expect(0);
    assert!(!said.out.contains("sonarr-config"), "{}", said.out);
    home.edit("stack.kdl", "app radarr\n", "app radarr\napp sonarr\n");
    home.run(APPLY).expect(0);
    assert_eq!(get(name, "deployment/sonarr")["status"]["availableReplicas"], 1);
    let back = get(name, claim);
    assert_eq!(
        (&back["metadata"]["uid"], &back["metadata"]["labels"]["stackctl.io/retired-from"]),
        (&uid, &Value::Null)
    );
    assert_eq!(get(name, secret)["data"], keys);
    assert!(home.run(APPLY).expect(0).last_line().starts_with("Nothing to do"));
}

#[test]
fn undo_and_purge_go_by_name() {
    let name = "retire-purge";
    let home = home(name);
    home.edit("stack.kdl", "app sonarr\n", "");
    home.run(APPLY).expect(0);
    let said = home.run(&["retired"]).expect(0);
    assert_eq!(
        said.out.lines().filter(|line| line.contains("it was retired from stack")).count(),
        3,
        "{}",
        said.out
    );
    home.run(&["undo", "app.sonarr", "--yes"]).expect(0);
    assert_eq!(get(name, "deployment/sonarr")["spec"]["replicas"], 1);
    home.run(APPLY).expect(0);
    home.run(&["purge", "pvc/retire-purge/sonar-config", "--yes"]).expect(64);
    home.run(&["purge", "app.sonarr", "--yes"]).expect(0);
    assert!(ControlPlane::shared().get(&["-n", name, "pvc/sonarr-config"]).is_err());
    assert_eq!(home.run(&["retired"]).expect(0).out, "Nothing is retired\n");
}

#[test]
fn a_namespace_goes_only_with_what_is_named() {
    let (name, cluster) = ("retire-namespace", ControlPlane::shared());
    let home = home(name);
    cluster.run(&["-n", name, "create", "configmap", "theirs"]).unwrap();
    let namespace = format!("--allow-data-loss=namespace/{name}");
    let said = home.run(&["plan", "--destroy", &namespace]).expect(0);
    let said = said.out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        said.contains(
            "in it are configmap/retire-namespace/theirs, persistentvolumeclaim/retire-namespace/"
        ),
        "{said}"
    );
    // Everything of ours is named; what is another's still stands in the way.
    let all = ["destroy", "--yes", "--allow-data-loss=*"];
    let said = home.run(&all).expect(9);
    assert!(
        said.out.contains("in it are configmap/retire-namespace/theirs, which"),
        "{}",
        said.out
    );
    cluster.get(&["namespace", name]).unwrap();
    cluster.run(&["-n", name, "delete", "configmap", "theirs"]).unwrap();
    home.run(&all).expect(0);
    assert!(cluster.get(&["namespace", name]).is_err());
}

#[test]
fn an_emptied_file_changes_nothing() {
    let name = "retire-empty";
    let home = home(name);
    home.write("stack.kdl", "stack retire-empty\ncluster context=home\n");
    let said = home.run(APPLY).expect(5);
    assert!(said.err.contains("likely a slip; nothing was changed"), "{}", said.err);
    assert_eq!(get(name, "deployment/sonarr")["status"]["availableReplicas"], 1);
}
