//! What the reader gives and says.

use std::collections::BTreeSet;
use std::sync::Arc;

use stackctl_model::Alphabet;

use super::*;

fn reader() -> (tempfile::TempDir, SecretReader) {
    let folder = tempfile::tempdir().unwrap();
    let reader = SecretReader::new(folder.path());
    (folder, reader)
}

fn text(value: &SecretValue) -> &str {
    std::str::from_utf8(value.expose()).unwrap()
}

#[test]
fn what_is_missing_is_named() {
    let (_folder, reader) = reader();
    let error = |source: SecretSource| reader.read(&source).err().unwrap().to_string();
    assert_eq!(
        error(SecretSource::Env("STACKCTL_TEST_NOT_SET".into())),
        "environment variable STACKCTL_TEST_NOT_SET is not set"
    );
    assert_eq!(
        error(SecretSource::File("no/such".into())),
        "file no/such cannot be read (entity not found)"
    );
    assert_eq!(error(SecretSource::Exec("true".into())), "(exec)\"true\" is empty");
}

#[test]
fn relative_paths_start_at_the_folder_and_one_newline_is_stripped() {
    let (folder, reader) = reader();
    std::fs::write(folder.path().join("token"), "a\r\n").unwrap();
    let read = |source: SecretSource| text(&reader.read(&source).unwrap()).to_owned();
    assert_eq!(read(SecretSource::File("token".into())), "a");
    assert_eq!(read(SecretSource::Exec("cat ./token".into())), "a");
}

#[test]
fn a_value_is_read_once_and_a_failure_again() {
    let (folder, reader) = reader();
    let source = SecretSource::Exec("cat token && echo again > token".into());
    assert!(reader.read(&source).is_err());
    std::fs::write(folder.path().join("token"), "first\n").unwrap();
    for _ in 0..2 {
        assert_eq!(text(&reader.read(&source).unwrap()), "first");
    }
    assert!(!format!("{reader:?}").contains("first"));
}

#[test]
fn generated_values_are_not_remembered() {
    let (_folder, reader) = reader();
    let source = SecretSource::Generate { alphabet: Alphabet::Alphanumeric, length: 40 };
    assert_ne!(reader.read(&source).unwrap().expose(), reader.read(&source).unwrap().expose());
}

#[tokio::test]
async fn reading_ahead_says_only_what_failed() {
    let (folder, reader) = reader();
    std::fs::write(folder.path().join("token"), "a").unwrap();
    let there = SecretSource::File("token".into());
    let missing = SecretSource::File("missing".into());
    let reader = Arc::new(reader);
    let failed = reader.read_ahead(BTreeSet::from([there.clone(), missing.clone()])).await;
    assert_eq!(failed.keys().collect::<Vec<_>>(), [&missing]);
    assert!(reader.known(&there).is_some() && reader.known(&missing).is_none());
}

#[test]
fn sops_paths_are_quoted() {
    assert_eq!(extraction("a.b-c.0"), "[\"a\"][\"b-c\"][0]");
}
