//! Reads CRDs from the folders of the modules that `parts/crds/sources` names, and writes
//! them in one form, JSON-free YAML files with a CRD each, that `kubectl` takes.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use crate::cache::go_output;

const KIND: &str = "\nkind: CustomResourceDefinition\n";

/// Fills `into` with one file per CRD, named after its source's place and number.
pub(crate) fn collect(part: &Path, into: &Path) -> Result<()> {
    let sources = std::fs::read_to_string(part.join("sources"))?;
    let mut count = 0;
    for line in sources.lines().filter(|line| !line.starts_with('#')) {
        let (module, path) =
            line.split_once(' ').with_context(|| format!("sources: {line}: no path"))?;
        let before = count;
        for file in files(&module_folder(part, module)?.join(path))? {
            let text = std::fs::read_to_string(&file)
                .with_context(|| format!("reading {}", file.display()))?;
            for document in documents(&text) {
                std::fs::write(into.join(format!("{count:03}.yaml")), document)?;
                count += 1;
            }
        }
        ensure!(count > before, "{module}: no CRD under {path}");
    }
    Ok(())
}

/// Where Go keeps the module's files, fetched and held against go.sum when not there yet.
fn module_folder(part: &Path, module: &str) -> Result<PathBuf> {
    let text = go_output(part, &["mod", "download", "-json", module])?;
    let told: serde_json::Value = serde_json::from_str(&text)?;
    let folder = told["Dir"].as_str().with_context(|| format!("{module}: no folder in {text}"))?;
    Ok(PathBuf::from(folder))
}

/// The YAML files of a folder, or the one file itself, in order of their names.
fn files(path: &Path) -> Result<Vec<PathBuf>> {
    if path.is_file() {
        return Ok(vec![path.to_owned()]);
    }
    let mut found = Vec::new();
    for entry in
        std::fs::read_dir(path).with_context(|| format!("reading folder {}", path.display()))?
    {
        let file = entry?.path();
        if file.extension().is_some_and(|extension| extension == "yaml") {
            found.push(file);
        }
    }
    found.sort();
    Ok(found)
}

/// The CRDs among a file's YAML documents, with Helm's expressions emptied.
fn documents(text: &str) -> Vec<String> {
    let plain: String = text.lines().flat_map(|line| [without_template(line), "\n"]).collect();
    format!("\n{plain}")
        .split("\n---")
        .filter(|document| format!("{document}\n").contains(KIND))
        .map(str::to_owned)
        .collect()
}

/// Longhorn's file is a template in one kind of line: `labels: {{- include … }}`.
fn without_template(line: &str) -> &str {
    match line.find("labels: {{") {
        Some(start) if line[..start].trim().is_empty() => &line[..start + "labels:".len()],
        Some(_) | None => line,
    }
}

#[cfg(test)]
mod tests {
    use super::documents;

    #[test]
    fn templates_are_emptied_and_other_kinds_left_out() {
        let text = "# made by hand\napiVersion: v1\nkind: CustomResourceDefinition\nmetadata:\n  \
                    labels: {{- include \"x\" . }}\n    a: b\n---\nkind: Other\n";
        let found = documents(text);
        assert_eq!(found.len(), 1);
        assert!(found[0].contains("\n  labels:\n    a: b"), "{}", found[0]);
    }
}
