//! Who runs this command, from where: what a lock and a generation say of it.

use std::path::Path;
use std::process::{Command, Stdio};

use stackctl_engine::{Author, process_start};
use stackctl_model::{GenerationGoal, Holder};

/// The author of what this process does to a stack in `folder`.
pub(crate) fn author(goal: GenerationGoal, folder: &Path) -> Author {
    Author { holder: holder(), source: commit(folder), goal }
}

fn holder() -> Holder {
    let user = variable("USER").or_else(|| variable("LOGNAME")).unwrap_or_else(|| "someone".into());
    let host = hostname::get().unwrap_or_default().to_string_lossy().into_owned();
    let pid = std::process::id();
    Holder { who: format!("{user}@{host}"), run: run(), process: process(pid), pid }
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// The address of the CI run, as the common runners tell it.
fn run() -> String {
    let actions = || {
        let (server, repository) = (variable("GITHUB_SERVER_URL")?, variable("GITHUB_REPOSITORY")?);
        Some(format!("{server}/{repository}/actions/runs/{}", variable("GITHUB_RUN_ID")?))
    };
    actions()
        .or_else(|| variable("CI_JOB_URL"))
        .or_else(|| variable("BUILD_URL"))
        .unwrap_or_default()
}

/// This process among all of this boot of this machine; empty where the system does not tell.
fn process(pid: u32) -> String {
    let boot = std::fs::read_to_string("/proc/sys/kernel/random/boot_id");
    let space = std::fs::read_link("/proc/self/ns/pid");
    match (boot, space, process_start(&pid.to_string())) {
        (Ok(boot), Ok(space), Some(start)) => {
            format!("{}/{} {pid} {start}", boot.trim(), space.display())
        }
        _ => String::new(),
    }
}

/// The commit of a folder as git calls it, or nothing.
fn commit(folder: &Path) -> String {
    let kept =
        ["PATH", "HOME"].into_iter().filter_map(|name| Some((name, std::env::var_os(name)?)));
    let said = Command::new("git")
        .env_clear()
        .envs(kept)
        .arg("-C")
        .arg(folder)
        .args(["describe", "--always", "--dirty"])
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output();
    match said {
        Ok(said) if said.status.success() => {
            String::from_utf8_lossy(&said.stdout).trim().to_owned()
        }
        Ok(_) | Err(_) => String::new(),
    }
}
