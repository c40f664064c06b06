//! Machines with a real sshd, each in namespaces of its own. They need root.

use std::fs;
use std::io::Read;
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

use crate::repository;

/// Users of a machine: may use sudo without a password, and may not.
pub const USERS: [&str; 2] = ["ops", "guest"];

/// Some machines, and the ssh configuration that leads to them. They go away with this.
#[derive(Debug)]
pub struct Machines {
    folder: tempfile::TempDir,
    machines: Vec<Running>,
}

#[derive(Debug)]
struct Running {
    name: String,
    number: u32,
    process: Child,
    // The machine lives for as long as this is open.
    input: Option<ChildStdin>,
}

impl Machines {
    /// Starts machines, all at once, and waits until each answers. Their kernels have the stock limits of
    /// inotify, and the modules of these names; those whose names begin with `systemd` run that.
    pub fn start(names: &[&str], modules: &[&str]) -> Result<Self> {
        let mut all = Self { folder: tempfile::tempdir()?, machines: Vec::new() };
        key(&all.path("key"))?;
        for name in names {
            let machine = all.begin(name, modules)?;
            all.machines.push(machine);
        }
        all.configure(names)?;
        for machine in &all.machines {
            machine.wait()?;
        }
        Ok(all)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The configuration for `ssh -F`.
    pub fn config(&self) -> PathBuf {
        self.path("config")
    }

    /// The folder below which a machine keeps what was written to its `/etc`.
    pub fn etc(&self, name: &str) -> PathBuf {
        self.path(name).join("etc")
    }

    /// The file that is one of its limits of inotify.
    pub fn inotify(&self, name: &str, limit: &str) -> PathBuf {
        self.path(name).join("inotify").join(limit)
    }

    fn begin(&self, name: &str, modules: &[&str]) -> Result<Running> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let folder = self.path(name);
        fs::create_dir_all(folder.join("inotify"))?;
        for (limit, value) in [
            ("max_user_instances", 128),
            ("max_user_watches", 65_536),
            ("max_queued_events", 16_384),
        ] {
            fs::write(folder.join("inotify").join(limit), format!("{value}\n"))?;
        }
        fs::create_dir_all(folder.join("module"))?;
        for module in modules {
            fs::create_dir_all(folder.join("module").join(module))?;
            fs::write(folder.join("module").join(module).join("initstate"), "live\n")?;
        }
        if name.starts_with("systemd") {
            fs::write(folder.join("systemd"), "")?;
        }
        key(&folder.join("host_key"))?;
        fs::copy(self.path("key.pub"), folder.join("authorized_keys"))?;
        // Two runs on one machine have numbers of their own.
        let number = (std::process::id() % 200) * 64 + NEXT.fetch_add(1, Ordering::Relaxed);
        let log = fs::File::create(folder.join("log"))?;
        let mut process = Command::new("sh")
            .arg(repository().join("integration/machine.sh"))
            .arg(name)
            .arg(&folder)
            .arg(number.to_string())
            .stdin(Stdio::piped())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()
            .context("starting a machine")?;
        let input = process.stdin.take();
        Ok(Running { name: name.to_owned(), number, process, input })
    }

    fn configure(&self, names: &[&str]) -> Result<()> {
        let mut config = String::new();
        let mut known = String::new();
        for machine in &self.machines {
            config.push_str(&format!("Host {}\n  HostName {}\n", machine.name, machine.address()));
            let public = fs::read_to_string(self.path(&machine.name).join("host_key.pub"))?;
            known.push_str(&format!("{} {public}", machine.name));
        }
        for name in names {
            config.push_str(&format!("Host {name}\n  HostKeyAlias {name}\n"));
        }
        config.push_str(&format!(
            "Host *\n  IdentityFile {}\n  IdentitiesOnly yes\n  UserKnownHostsFile {}\n  ServerAliveCountMax 1\n",
            self.path("key").display(),
            self.path("known_hosts").display()
        ));
        fs::write(self.config(), config)?;
        fs::write(self.path("known_hosts"), known)?;
        Ok(())
    }

    fn machine(&self, name: &str) -> Result<&Running> {
        self.machines
            .iter()
            .find(|one| one.name == name)
            .with_context(|| format!("no machine {name}"))
    }

    /// Its address.
    pub fn address(&self, name: &str) -> Result<String> {
        Ok(self.machine(name)?.address())
    }

    /// Runs a script as root on a machine, through ssh.
    pub fn sh(&self, name: &str, script: &str) -> Result<String> {
        let output = Command::new("ssh")
            .arg("-F")
            .arg(self.config())
            .arg(format!("root@{name}"))
            .arg(script)
            .output()
            .context("starting ssh")?;
        let words = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success(), "{script}: {}", words.trim());
        Ok(String::from_utf8(output.stdout)?.trim_end().to_owned())
    }

    /// Takes the link of a machine down, as a pulled cable does, or up again.
    pub fn link(&self, name: &str, is_up: bool) -> Result<()> {
        let number = self.machine(name)?.number;
        let state = if is_up { "up" } else { "down" };
        let status =
            Command::new("ip").args(["link", "set", &format!("sc{number}"), state]).status()?;
        ensure!(status.success(), "the link cannot be set {state}");
        Ok(())
    }

    /// Makes everybody expect another host key of a machine than it has.
    pub fn forget_host_key(&self, name: &str) -> Result<()> {
        key(&self.path("another"))?;
        let public = fs::read_to_string(self.path("another.pub"))?;
        let known = fs::read_to_string(self.path("known_hosts"))?;
        let others = known.lines().filter(|line| !line.starts_with(&format!("{name} ")));
        let mut text: String = others.map(|line| format!("{line}\n")).collect();
        text.push_str(&format!("{name} {public}"));
        fs::write(self.path("known_hosts"), text)?;
        Ok(())
    }

    /// Adds lines before all others of the ssh configuration.
    pub fn prepend_config(&self, lines: &str) -> Result<()> {
        let config = fs::read_to_string(self.config())?;
        Ok(fs::write(self.config(), format!("{lines}\n{config}"))?)
    }
}

impl Running {
    fn address(&self) -> String {
        format!("10.254.{}.{}", self.number / 64, self.number % 64 * 4 + 2)
    }

    fn wait(&self) -> Result<()> {
        let end = Instant::now() + Duration::from_secs(60);
        let place = format!("{}:22", self.address()).parse()?;
        // Before its link is there, somebody on the way may answer in its place.
        let greets = || -> std::io::Result<bool> {
            let mut stream = TcpStream::connect_timeout(&place, Duration::from_secs(1))?;
            stream.set_read_timeout(Some(Duration::from_secs(1)))?;
            let mut greeting = [0; 4];
            stream.read_exact(&mut greeting)?;
            Ok(greeting == *b"SSH-")
        };
        while !greets().unwrap_or(false) {
            ensure!(Instant::now() < end, "machine {} does not answer", self.name);
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(())
    }
}

impl Drop for Machines {
    fn drop(&mut self) {
        for machine in &mut self.machines {
            machine.input = None;
        }
        for machine in &mut self.machines {
            let _ = machine.process.wait();
        }
    }
}

fn key(path: &Path) -> Result<()> {
    let _ = fs::remove_file(path);
    let status = Command::new("ssh-keygen")
        .args(["-q", "-t", "ed25519", "-N", "", "-f"])
        .arg(path)
        .status()
        .context("starting ssh-keygen")?;
    ensure!(status.success(), "a key cannot be made");
    Ok(())
}
