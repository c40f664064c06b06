//! The test suite of KDL itself, as the parser's own package ships it: what KDL takes is taken, what it
//! refuses is refused.

use std::path::PathBuf;
use std::process::Command;

/// Where cargo keeps the sources of the parser.
fn inputs() -> PathBuf {
    let output = Command::new(env!("CARGO"))
        .args([
            "metadata",
            "--format-version=1",
            "--offline",
            "--filter-platform",
            "x86_64-unknown-linux-gnu",
        ])
        .output()
        .unwrap();
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let kdl = packages.iter().find(|package| package["name"] == "kdl").unwrap();
    let manifest = PathBuf::from(kdl["manifest_path"].as_str().unwrap());
    manifest.with_file_name("tests").join("test_cases/input")
}

#[test]
fn what_kdl_takes_is_taken_and_what_it_refuses_is_refused() {
    let mut wrong = Vec::new();
    let mut seen = 0;
    for entry in std::fs::read_dir(inputs()).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        // What is not UTF-8 never reaches the parser.
        let Ok(text) = String::from_utf8(std::fs::read(&path).unwrap()) else { continue };
        seen += 1;
        let refused = stackctl_lang::format(&text).err().unwrap_or_default();
        if refused.is_empty() == name.ends_with("_fail") {
            let codes: Vec<_> = refused.iter().map(|finding| &finding.code).collect();
            wrong.push(format!("{name}: {codes:?}"));
        }
    }
    wrong.sort();
    assert!(seen > 300, "the suite has only {seen} cases");
    assert_eq!(wrong, Vec::<String>::new());
}
