//! Where built parts are kept: one folder per part and digest, made once, then only read.

use std::collections::BTreeMap;
use std::fmt;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, bail, ensure};

use crate::crds;
use crate::part::Part;
use crate::say::say;

/// The folder of built parts: `$STACKCTL_LAB_CACHE`, else `stackctl-lab` in the user's cache.
#[derive(Debug)]
pub struct Cache {
    folder: PathBuf,
}

/// Parts that are there, each with the folder of its programs or files.
#[derive(Debug)]
pub struct Parts(BTreeMap<Part, PathBuf>);

impl Parts {
    /// A built program's path.
    ///
    /// # Panics
    /// When `part` was not asked for.
    pub fn program(&self, part: Part, name: &str) -> PathBuf {
        self.folder(part).join(name)
    }

    /// The folder of a part's programs or files.
    ///
    /// # Panics
    /// When `part` was not asked for.
    pub fn folder(&self, part: Part) -> &Path {
        self.0.get(&part).expect("the caller asked the cache for this part")
    }
}

impl fmt::Display for Parts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (count, folder) in self.0.values().enumerate() {
            let comma = if count == 0 { "" } else { ", " };
            write!(f, "{comma}{}", folder.display())?;
        }
        Ok(())
    }
}

impl Cache {
    /// Finds the cache folder and makes it if needed.
    pub fn open() -> Result<Self> {
        let folder = folder_from_environment()?;
        std::fs::create_dir_all(&folder)
            .with_context(|| format!("making the cache folder {}", folder.display()))?;
        Ok(Self { folder })
    }

    /// The cache's own folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Builds what is missing of `wanted`. One process builds at a time; others wait for it.
    pub fn ensure(&self, wanted: &[Part]) -> Result<Parts> {
        let mut found = BTreeMap::new();
        let mut missing = Vec::new();
        for &part in wanted {
            let folder = self.folder.join(format!("{}-{}", part.name(), part.digest()?));
            if !folder.is_dir() {
                missing.push((part, folder.clone()));
            }
            found.insert(part, folder);
        }
        if !missing.is_empty() {
            let lock = self.lock()?;
            for (part, folder) in missing {
                make(part, &folder)?;
            }
            drop(lock);
        }
        Ok(Parts(found))
    }

    fn lock(&self) -> Result<File> {
        let path = self.folder.join("lock");
        let file = File::create(&path).with_context(|| format!("opening {}", path.display()))?;
        if file.try_lock().is_err() {
            say("waiting for another process that builds parts");
            file.lock().with_context(|| format!("locking {}", path.display()))?;
        }
        Ok(file)
    }
}

fn folder_from_environment() -> Result<PathBuf> {
    if let Some(named) = std::env::var_os("STACKCTL_LAB_CACHE") {
        return Ok(std::path::absolute(named)?);
    }
    if let Some(base) = std::env::var_os("XDG_CACHE_HOME") {
        return Ok(PathBuf::from(base).join("stackctl-lab"));
    }
    let home = std::env::var_os("HOME").context(
        "no place for built parts: neither STACKCTL_LAB_CACHE, XDG_CACHE_HOME nor HOME is set",
    )?;
    Ok(PathBuf::from(home).join(".cache/stackctl-lab"))
}

/// Builds into a folder beside the final one and renames it, so that a build that was cut
/// short is never taken for a whole one.
fn make(part: Part, folder: &Path) -> Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    let begun = Instant::now();
    let partial = folder.with_extension("partial");
    let _ = std::fs::remove_dir_all(&partial);
    std::fs::create_dir_all(&partial)?;
    if part.programs().is_empty() {
        crds::collect(&part.source(), &partial)?;
    } else {
        compile(part, &partial)?;
    }
    std::fs::rename(&partial, folder)
        .with_context(|| format!("moving the built part to {}", folder.display()))?;
    say(&format!("built {} in {:.1} s", part.name(), begun.elapsed().as_secs_f64()));
    Ok(())
}

fn compile(part: Part, into: &Path) -> Result<()> {
    say(&format!("building {}", part.name()));
    let programs = part.programs();
    // One build of all packages compiles side by side what they do not share; Go then names
    // the programs after their packages. A single one gets the name we call it by.
    let target = match programs {
        [(name, _)] => into.join(name),
        _ => into.join(""),
    };
    let output = go(&part.source())
        .args(["build", "-trimpath", "-buildvcs=false", "-mod=readonly", "-ldflags"])
        .arg(part.linker_flags())
        .arg("-o")
        .arg(target)
        .args(programs.iter().map(|(_, package)| package))
        .output()
        .context(GO_MISSING)?;
    if !output.status.success() {
        bail!("building {} failed:\n{}", part.name(), String::from_utf8_lossy(&output.stderr));
    }
    Ok(())
}

const GO_MISSING: &str =
    "go could not be started; nothing was built. Next: integration/run, which installs it";

/// `go` in a part's folder. Without cgo, no C compiler is needed and the programs are static.
pub(crate) fn go(folder: &Path) -> Command {
    let mut command = Command::new("go");
    command.current_dir(folder).env("CGO_ENABLED", "0").env("GOWORK", "off").stdin(Stdio::null());
    command
}

/// Runs `go` and hands back what it printed.
pub(crate) fn go_output(folder: &Path, args: &[&str]) -> Result<String> {
    let output = go(folder).args(args).output().context(GO_MISSING)?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    ensure!(
        output.status.success(),
        "go {} failed:\n{text}{}",
        args.join(" "),
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(text)
}
