//! The running programs of one control plane: each with a log file, all in one process group
//! that dies with us.
//!
//! A watchdog holds the reading end of a pipe from this process. When the pipe closes, however
//! this process ended, it kills the group and removes the folder.

use std::fs::File;
use std::net::TcpListener;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

/// How long a program may take to stop when asked, before it is killed.
const GRACE: Duration = Duration::from_secs(5);

/// How a program is started, kept so that it can be started again.
#[derive(Debug, Clone)]
pub(crate) struct Recipe {
    pub(crate) name: &'static str,
    pub(crate) program: PathBuf,
    pub(crate) args: Vec<String>,
}

#[derive(Debug)]
struct Running {
    recipe: Recipe,
    child: Child,
}

#[derive(Debug)]
pub(crate) struct Children {
    folder: PathBuf,
    group: i32,
    watchdog: Option<Child>,
    running: Vec<Running>,
}

impl Children {
    /// Nothing runs yet; `folder` is home, temporary folder and log folder of all to come.
    pub(crate) fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), group: 0, watchdog: None, running: Vec::new() }
    }

    /// Starts a program. The first one leads the process group and brings the watchdog.
    pub(crate) fn start(&mut self, recipe: Recipe) -> Result<()> {
        let log = self.log(recipe.name);
        let out = File::options().create(true).append(true).open(&log)?;
        let child = Command::new(&recipe.program)
            .args(&recipe.args)
            .env("HOME", &self.folder)
            .env_remove("KUBECONFIG")
            .current_dir(&self.folder)
            .stdin(Stdio::null())
            .stdout(out.try_clone()?)
            .stderr(out)
            .process_group(self.group)
            .spawn()
            .with_context(|| format!("starting {}", recipe.program.display()))?;
        if self.watchdog.is_none() {
            self.group = i32::try_from(child.id())?;
            self.watchdog = Some(watchdog(self.group, &self.folder)?);
        }
        self.running.push(Running { recipe, child });
        Ok(())
    }

    /// The file a program writes both its outputs to.
    pub(crate) fn log(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{name}.log"))
    }

    /// Fails with the end of its log when a program has ended by itself.
    pub(crate) fn check(&mut self) -> Result<()> {
        for running in &mut self.running {
            if let Some(status) = running.child.try_wait()? {
                let name = running.recipe.name;
                bail!(
                    "{name} ended ({status}):\n{}",
                    end_of(&self.folder.join(format!("{name}.log")))
                );
            }
        }
        Ok(())
    }

    /// Kills one program at once, as a power cut would, and hands back how to start it again.
    pub(crate) fn kill(&mut self, name: &str) -> Result<Recipe> {
        let place = self.place(name)?;
        let mut running = self.running.remove(place);
        running.child.kill()?;
        running.child.wait()?;
        Ok(running.recipe)
    }

    /// The process id of a program.
    pub(crate) fn pid(&self, name: &str) -> Result<u32> {
        Ok(self.running[self.place(name)?].child.id())
    }

    fn place(&self, name: &str) -> Result<usize> {
        self.running
            .iter()
            .position(|running| running.recipe.name == name)
            .with_context(|| format!("{name} is not running"))
    }

    /// Stops all, the last started first and the first one, the store, when it is alone: an
    /// API server whose store is gone takes half a minute to stop.
    pub(crate) fn stop(&mut self) {
        let mut first = self.running.drain(..1.min(self.running.len())).collect::<Vec<_>>();
        let mut rest = std::mem::take(&mut self.running);
        rest.reverse();
        end(&mut rest);
        end(&mut first);
        if let Some(mut watchdog) = self.watchdog.take() {
            let _ = watchdog.kill();
            let _ = watchdog.wait();
        }
    }
}

impl Drop for Children {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Asks all to end, waits, and kills what is left.
fn end(running: &mut [Running]) {
    if running.is_empty() {
        return;
    }
    // The standard library knows no signal but the one that kills.
    let _ = Command::new("sh")
        .args(["-c", "kill -TERM \"$@\"", "sh"])
        .args(running.iter().map(|one| one.child.id().to_string()))
        .stderr(Stdio::null())
        .status();
    let limit = Instant::now() + GRACE;
    for one in running {
        while matches!(one.child.try_wait(), Ok(None)) && Instant::now() < limit {
            std::thread::sleep(Duration::from_millis(20));
        }
        let _ = one.child.kill();
        let _ = one.child.wait();
    }
}

fn watchdog(group: i32, folder: &Path) -> Result<Child> {
    Command::new("sh")
        .args([
            "-c",
            "cat >/dev/null; kill -s KILL -- \"-$1\"; sleep 0.2; rm -rf -- \"$2\"",
            "lab-watchdog",
        ])
        .arg(group.to_string())
        .arg(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .process_group(0)
        .spawn()
        .context("starting the watchdog")
}

/// The last lines of a log, to be shown with an error.
pub(crate) fn end_of(log: &Path) -> String {
    let text = std::fs::read(log).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(15)..].join("\n")
}

/// `N` loopback ports that nobody listens on at this moment.
pub(crate) fn free_ports<const N: usize>() -> Result<[u16; N]> {
    // All are held at once, so that no two are alike.
    let mut held = Vec::new();
    let mut ports = [0; N];
    for port in &mut ports {
        let listener = TcpListener::bind(("127.0.0.1", 0)).context("no free loopback port")?;
        *port = listener.local_addr()?.port();
        held.push(listener);
    }
    Ok(ports)
}
