//! Data outlives its block, and most of a stack does not go by a slip.

use stackctl_integration::Home;

use crate::command::home;

const APPLY: &[&str] = &["apply", "--sandbox", "--yes"];
const CLAIM: &str = ".stackctl/sandbox/objects/persistentvolumeclaim/tiny/sonarr-config.yaml";
const DEPLOYMENT: &str = ".stackctl/sandbox/objects/deployment/tiny/sonarr.yaml";
const WHOLE: &str = "stack tiny\napp jellyfin\napp radarr\napp sonarr\n";

/// Applied with three apps, then with sonarr taken out.
fn retired() -> Home {
    let lab = home(WHOLE);
    lab.run(APPLY).expect(0);
    lab.edit("stack.kdl", "app sonarr\n", "");
    lab.run(APPLY).expect(0);
    lab
}

fn listed(lab: &Home) -> String {
    lab.run(&["retired", "--sandbox"]).expect(0).out
}

#[test]
fn an_app_that_holds_data_is_stopped_and_kept() {
    let lab = retired();
    assert!(lab.read(DEPLOYMENT).contains("replicas: 0"), "{}", lab.read(DEPLOYMENT));
    assert!(lab.read(CLAIM).contains("stackctl.io/retired-from: tiny"));
    let again = lab.run(APPLY).expect(0);
    assert!(again.last_line().starts_with("Nothing to do"), "{}", again.out);
    let listed = listed(&lab);
    let ids: Vec<_> = listed.lines().map(|line| line.split("  ").next().unwrap()).collect();
    assert_eq!(
        ids,
        [
            "deployment/tiny/sonarr",
            "persistentvolumeclaim/tiny/sonarr-config",
            "secret/tiny/sonarr-secrets"
        ]
    );
    assert!(listed.contains("it was retired from stack tiny on 20"), "{listed}");
}

#[test]
fn what_was_retired_is_taken_back() {
    let lab = retired();
    let before = lab.read(".stackctl/sandbox/objects/secret/tiny/sonarr-secrets.yaml");
    lab.run(&["undo", "app.sonar", "--sandbox", "--yes"]).expect(64);
    let undone = lab.run(&["undo", "app.sonarr", "--sandbox", "--yes"]).expect(0);
    assert!(undone.err.contains("put its block back"), "{}", undone.err);
    assert!(lab.read(DEPLOYMENT).contains("replicas: 1"), "{}", lab.read(DEPLOYMENT));
    assert!(!lab.read(CLAIM).contains("retired"), "{}", lab.read(CLAIM));
    lab.write("stack.kdl", WHOLE);
    lab.run(APPLY).expect(0);
    let after = lab.read(".stackctl/sandbox/objects/secret/tiny/sonarr-secrets.yaml");
    let key = |text: &str| text.lines().find(|line| line.contains("api-key")).unwrap().to_owned();
    assert_eq!(key(&before), key(&after), "the generated key is the one it had");
}

#[test]
fn putting_the_block_back_is_enough() {
    let lab = retired();
    lab.write("stack.kdl", WHOLE);
    let plan = lab.run(&["plan", "--sandbox"]).expect(0);
    assert!(plan.out.contains("it was retired from stack tiny on 20"), "{}", plan.out);
    lab.run(APPLY).expect(0);
    assert!(lab.read(DEPLOYMENT).contains("replicas: 1"), "{}", lab.read(DEPLOYMENT));
    assert!(!lab.read(CLAIM).contains("retired"));
    assert!(lab.run(APPLY).expect(0).last_line().starts_with("Nothing to do"));
    assert_eq!(listed(&lab), "Nothing is retired\n");
}

#[test]
fn data_goes_only_by_name() {
    let lab = retired();
    lab.run(&["purge", "--sandbox", "--yes"]).expect(64);
    lab.run(&["purge", "app.sonarr", "--sandbox"]).expect(5);
    let mistyped = lab.run(&["purge", "pvc/tiny/sonar-config", "--sandbox", "--yes"]).expect(64);
    assert!(
        mistyped.err.contains("did you mean persistentvolumeclaim/tiny/sonarr-config?"),
        "{}",
        mistyped.err
    );
    // What is in the stack is not retired, and so cannot be purged.
    lab.run(&["purge", "app.radarr", "--sandbox", "--yes"]).expect(64);
    let purged = lab.run(&["purge", "app.sonarr", "--sandbox", "--yes"]).expect(0);
    assert!(purged.out.contains("sonarr-config  named: it may be lost"), "{}", purged.out);
    assert!(!lab.path().join(CLAIM).exists() && !lab.path().join(DEPLOYMENT).exists());
}

#[test]
fn an_emptied_file_is_refused_and_says_what_to_type() {
    let lab = home(WHOLE);
    lab.run(APPLY).expect(0);
    lab.write("stack.kdl", "stack tiny\n");
    let refused = lab.run(APPLY).expect(5);
    insta::assert_snapshot!("emptied", refused.err);
    assert!(lab.path().join(DEPLOYMENT).exists(), "nothing was changed");
    lab.run(&[APPLY, &["--allow-mass-removal"]].concat()).expect(0);
    assert!(lab.path().join(CLAIM).exists(), "data is kept all the same");
}

#[test]
fn a_kind_that_nobody_knows_is_kept_until_it_is_named() {
    const WITH: &str = "stack tiny\nmanifest shelf.yaml\n";
    const SHELF: &str = ".stackctl/sandbox/objects/shelf.example.com/tiny/films.yaml";
    let lab = home(WITH);
    lab.write(
        "shelf.yaml",
        "apiVersion: example.com/v1\nkind: Shelf\nmetadata: { name: films }\nspec: { length: 3 }\n\
         ---\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n\
         ---\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: b }\n",
    );
    lab.run(APPLY).expect(0);
    lab.write("stack.kdl", "stack tiny\n");
    let plan = lab.run(&["plan", "--sandbox"]).expect(0);
    assert!(plan.out.contains("stackctl does not know this kind"), "{}", plan.out);
    lab.run(&[APPLY, &["--allow-mass-removal"]].concat()).expect(0);
    assert!(lab.read(SHELF).contains("stackctl.io/retired-from: tiny"));
    assert!(listed(&lab).starts_with("shelf/tiny/films"), "{}", listed(&lab));
    lab.run(&["purge", "shelf/tiny/films", "--sandbox", "--yes"]).expect(0);
    assert!(!lab.path().join(SHELF).exists());
}
