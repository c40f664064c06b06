//! What tests do with a cluster, through the built kubectl.

use std::io::Write;
use std::process::Stdio;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use crate::control_plane::ControlPlane;

impl ControlPlane {
    /// Runs kubectl and hands back its stdout; its stderr is in the error.
    pub fn run(&self, args: &[&str]) -> Result<String> {
        let output = self.kubectl().args(args).output().context("starting kubectl")?;
        ensure!(
            output.status.success(),
            "kubectl {}: {}",
            args.join(" "),
            String::from_utf8_lossy(&output.stderr).trim()
        );
        Ok(String::from_utf8(output.stdout)?)
    }

    /// `kubectl get ARGS -o json`, read.
    pub fn get(&self, args: &[&str]) -> Result<Value> {
        let text = self.run(&[&["get", "-o", "json"], args].concat())?;
        Ok(serde_json::from_str(&text)?)
    }

    /// Server-side apply of YAML or JSON documents, as the field manager `kubectl`.
    pub fn apply(&self, documents: &str) -> Result<()> {
        let mut kubectl = self
            .kubectl()
            .args(["apply", "--server-side", "-f", "-"])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .context("starting kubectl")?;
        let mut input = kubectl.stdin.take().context("kubectl has no stdin")?;
        input.write_all(documents.as_bytes())?;
        drop(input);
        let output = kubectl.wait_with_output()?;
        let words = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success(), "kubectl apply: {}", words.trim());
        Ok(())
    }

    /// Creates a namespace that no other test has, called `STEM-N`.
    pub fn namespace(&self, stem: &str) -> Result<String> {
        static NEXT: AtomicU32 = AtomicU32::new(1);
        let name = format!("{stem}-{}", NEXT.fetch_add(1, Ordering::Relaxed));
        self.run(&["create", "namespace", &name])?;
        Ok(name)
    }

    /// Reads an object again and again until `done` says so, for `limit` at most. The error
    /// shows the object as last seen.
    pub fn await_object(
        &self,
        args: &[&str],
        limit: Duration,
        done: impl Fn(&Value) -> bool,
    ) -> Result<Value> {
        let end = Instant::now() + limit;
        loop {
            let seen = self.get(args);
            match seen {
                Ok(object) if done(&object) => return Ok(object),
                Ok(_) | Err(_) if Instant::now() < end => {
                    std::thread::sleep(Duration::from_millis(100));
                }
                Ok(object) => {
                    bail!("{}: not as awaited after {limit:?}: {object:#}", args.join(" "))
                }
                Err(error) => return Err(error),
            }
        }
    }
}
