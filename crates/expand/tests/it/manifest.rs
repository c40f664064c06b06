//! Plain manifests.

use crate::lab::{Lab, after, find, shown, sound_lab, told};

const DEFINITION: &str = "apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: things.example.com}
spec:
  group: example.com
  names: {kind: Thing, plural: things}
  scope: Cluster
  versions: [{name: v1, served: true, storage: true}]
";

#[test]
fn objects_take_the_namespace_and_the_line_they_have() {
    let text = "# one\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n---\n\n# two\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: b, namespace: other}\n";
    let lab = Lab::new("stack home namespace=media\nmanifest \"extra/*.yaml\"\n")
        .with("extra/a.yaml", text);
    let resources = sound_lab(&lab);
    assert_eq!(find(&resources, "configmap/media/a").origin.to_string(), "extra/a.yaml:2:1");
    assert_eq!(find(&resources, "configmap/other/b").origin.to_string(), "extra/a.yaml:8:1");
    assert_eq!(after(&resources, "configmap/media/a"), ["namespace/media"]);
}

#[test]
fn a_custom_resource_comes_after_its_definition_wherever_that_stands() {
    let thing =
        "apiVersion: example.com/v1\nkind: Thing\nmetadata: {name: one, namespace: wrong}\n";
    let lab = Lab::new("stack home\nmanifest \"a.yaml\"\nmanifest \"b.yaml\"\n")
        .with("a.yaml", thing)
        .with("b.yaml", DEFINITION);
    let resources = sound_lab(&lab);
    assert_eq!(
        after(&resources, "thing/one"),
        ["customresourcedefinition/things.example.com"],
        "and in no namespace, as its definition says"
    );
}

#[test]
fn lists_are_taken_apart() {
    let list = "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: ConfigMap, metadata: {name: a}}\n- {apiVersion: v1, kind: ConfigMap, metadata: {name: b}}\n";
    let lab = Lab::new("stack home\nmanifest \"list.yaml\"\n").with("list.yaml", list);
    let resources = sound_lab(&lab);
    find(&resources, "configmap/home/a");
    find(&resources, "configmap/home/b");
}

#[test]
fn after_an_app_means_after_all_of_it() {
    let lab = Lab::new("stack home\napp tv module=plain\nmanifest \"a.yaml\" after=app.tv\n")
        .with("a.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n");
    assert_eq!(
        after(&sound_lab(&lab), "configmap/home/a"),
        ["namespace/home", "deployment/home/tv", "service/home/tv"]
            .map(str::to_owned)
            .into_iter()
            .collect::<std::collections::BTreeSet<_>>()
            .into_iter()
            .collect::<Vec<_>>()
    );
}

#[test]
fn a_secret_in_clear_is_encoded_and_warned_of() {
    let text =
        "apiVersion: v1\nkind: Secret\nmetadata: {name: login}\nstringData: {password: hunter2}\n";
    let lab = Lab::new("stack home\nmanifest \"a.yaml\"\n").with("a.yaml", text);
    let expansion = lab.expand();
    insta::assert_snapshot!("secret_in_clear", told(&expansion.findings));
    insta::assert_snapshot!("encoded_secret", shown(&expansion.resources, "secret/home/login"));
}

#[test]
fn everything_wrong_with_manifests_is_said_at_once() {
    let lab = Lab::new(
        r#"stack home
app jellyfin module=plain
manifest "none.yaml"
manifest "bad.yaml" after=app.jelyfin
manifest "twice.yaml"
"#,
    )
    .with(
        "bad.yaml",
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {}\n---\nkind: [\n---\njust text\n",
    )
    .with("twice.yaml", "apiVersion: v1\nkind: Service\nmetadata: {name: jellyfin}\n");
    insta::assert_snapshot!("wrong_manifests", told(&lab.expand().findings));
}
