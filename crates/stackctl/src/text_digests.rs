//! What tells the texts of a stack from those of another day.

use std::collections::BTreeMap;
use std::path::Path;

use ring::digest::{SHA256, digest};
use stackctl_lang::Sources;

use crate::locate;

/// A digest of every text of the stack, by its path from the stack's folder.
pub(crate) fn text_digests(sources: &Sources, stack: &Path) -> BTreeMap<String, String> {
    let folder = locate::folder(stack);
    let texts = sources.iter().map(|source| {
        let name = Path::new(&source.name);
        let name = name.strip_prefix(&folder).unwrap_or(name).display().to_string();
        let hashed = digest(&SHA256, source.text.as_bytes());
        let hexadecimal: String =
            hashed.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
        (name, format!("sha256:{hexadecimal}"))
    });
    texts.collect()
}
