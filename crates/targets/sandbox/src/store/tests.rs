//! What the files hold, and what is read back after edits and crashes.

use super::*;

fn id(name: &str) -> ObjectId {
    ObjectId {
        kind: "ConfigMap".into(),
        group: String::new(),
        namespace: Some("media".into()),
        name: name.into(),
    }
}

fn object(name: &str, value: &str) -> Value {
    json!({
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {
            "name": name,
            "namespace": "media",
            "managedFields": [{"manager": "stackctl", "fieldsV1": {"f:data": {value: {}}}}],
        },
        "data": {"key": value},
    })
}

struct Lab {
    folder: tempfile::TempDir,
    store: Store,
}

impl Lab {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut store = Store::open(folder.path()).unwrap();
        store.lock().unwrap();
        Self { folder, store }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(place::file(&id(name)))
    }

    fn put(&mut self, name: &str, value: &str) {
        self.store.put(&id(name), object(name, value)).unwrap();
    }

    /// As another process, started now, sees it.
    fn seen(&self, name: &str) -> Result<Option<Value>, SandboxError> {
        Store::open(self.folder.path()).unwrap().get(&id(name))
    }

    fn owners(&self, name: &str) -> Value {
        self.seen(name).unwrap().unwrap()["metadata"]["managedFields"][0]["fieldsV1"].clone()
    }
}

#[test]
fn a_file_holds_what_people_want_to_read() {
    let mut lab = Lab::new();
    lab.put("a", "one");
    let text = std::fs::read_to_string(lab.file("a")).unwrap();
    assert_eq!(
        text,
        "apiVersion: v1\ndata:\n  key: one\nkind: ConfigMap\nmetadata:\n  name: a\n  namespace: media\n"
    );
    let seen = lab.seen("a").unwrap().unwrap();
    assert_eq!(seen["metadata"]["uid"].as_str().map(str::len), Some(36));
    assert_eq!(lab.owners("a"), json!({"f:data": {"one": {}}}));
}

#[test]
fn an_edit_by_hand_is_seen_at_once_and_owners_stay() {
    let mut lab = Lab::new();
    lab.put("a", "one");
    let text = std::fs::read_to_string(lab.file("a")).unwrap();
    // The same length, and no time has passed.
    std::fs::write(lab.file("a"), text.replace("one", "two")).unwrap();
    for seen in [lab.seen("a"), lab.store.get(&id("a"))] {
        let seen = seen.unwrap().unwrap();
        assert_eq!(seen["data"]["key"], "two");
        assert!(seen["metadata"]["uid"].is_string());
    }
    assert_eq!(lab.owners("a"), json!({"f:data": {"one": {}}}));
}

#[test]
fn a_file_deleted_by_hand_is_gone() {
    let mut lab = Lab::new();
    lab.put("a", "one");
    std::fs::remove_file(lab.file("a")).unwrap();
    assert_eq!(lab.seen("a").unwrap(), None);
}

#[test]
fn a_crash_before_the_file_leaves_the_object_and_its_owners_as_they_were() {
    let mut lab = Lab::new();
    lab.put("a", "one");
    let before = std::fs::read_to_string(lab.file("a")).unwrap();
    lab.put("a", "two");
    std::fs::write(lab.file("a"), before).unwrap();
    assert_eq!(lab.seen("a").unwrap().unwrap()["data"]["key"], "one");
    assert_eq!(lab.owners("a"), json!({"f:data": {"one": {}}}));
}

#[test]
fn what_a_crash_left_unfinished_is_passed_over_and_swept_up() {
    let mut lab = Lab::new();
    lab.put("a", "one");
    let unfinished = lab.file("a").with_file_name(format!("{UNFINISHED}x.yaml"));
    std::fs::write(&unfinished, "apiVersion: v").unwrap();
    assert_eq!(lab.store.paths().unwrap(), [place::file(&id("a"))]);
    let Lab { folder, store } = lab;
    drop(store);
    Store::open(folder.path()).unwrap().lock().unwrap();
    assert!(!unfinished.exists());
}

#[test]
fn a_broken_file_is_named() {
    let mut lab = Lab::new();
    lab.put("a", "one");
    for (text, reason) in [
        ("a: [", "a.yaml: line 1, column "),
        ("a: 1", "a.yaml: is no object: apiVersion, kind or metadata.name is missing"),
        ("", "a.yaml: is no object"),
        ("hello", "a.yaml: is no object"),
        ("[1]", "a.yaml: is no object"),
        ("metadata: x", "a.yaml: is no object"),
        (
            "{apiVersion: v1, kind: ConfigMap, metadata: {name: b, namespace: media}}",
            "a.yaml: holds configmap/media/b, whose file is objects/configmap/media/b.yaml",
        ),
    ] {
        std::fs::write(lab.file("a"), text).unwrap();
        let error = lab.seen("a").unwrap_err();
        assert!(error.to_string().contains(reason), "{text:?}: {error}");
        assert!(error.hint().is_some());
    }
    std::fs::write(lab.file("a"), [0xff]).unwrap();
    assert!(lab.seen("a").unwrap_err().to_string().ends_with("a.yaml: is not UTF-8"));
}

#[test]
fn a_namespace_takes_what_is_in_it() {
    let mut lab = Lab::new();
    let namespace = |name: &str| ObjectId {
        kind: "Namespace".into(),
        group: String::new(),
        namespace: None,
        name: name.into(),
    };
    for name in ["media", "other"] {
        let object = json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}});
        lab.store.put(&namespace(name), object).unwrap();
    }
    lab.put("a", "one");
    lab.store.remove(&namespace("media")).unwrap();
    assert_eq!(lab.store.paths().unwrap(), [place::file(&namespace("other"))]);
    assert!(!lab.store.has_namespace("media") && lab.store.has_namespace("other"));
    assert!(!lab.folder.path().join("objects/configmap").exists(), "empty folders go too");
}

#[test]
fn an_object_made_again_is_another() {
    let mut lab = Lab::new();
    lab.put("a", "one");
    let first = lab.seen("a").unwrap().unwrap()["metadata"]["uid"].clone();
    lab.store.remove(&id("a")).unwrap();
    lab.put("a", "one");
    assert_ne!(lab.seen("a").unwrap().unwrap()["metadata"]["uid"], first);
}

#[test]
fn git_is_told_to_keep_out() {
    let lab = Lab::new();
    assert_eq!(std::fs::read_to_string(lab.folder.path().join(".gitignore")).unwrap(), "*\n");
}
