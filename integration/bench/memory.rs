//! Time and peak memory of one run.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};

/// Runs to the end; wall-clock time and the peak of resident memory in kilobytes. The kernel's own
/// high-water mark is read every two milliseconds, so what the very last ones add is missed.
pub(crate) fn peak(mut command: Command) -> Result<(Duration, u64)> {
    let begun = Instant::now();
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    let outcome = loop {
        peak = peak.max(high_water_mark(&status).unwrap_or(0));
        if let Some(outcome) = child.try_wait()? {
            break outcome;
        }
        std::thread::sleep(Duration::from_millis(2));
    };
    ensure!(outcome.success(), "{command:?} failed");
    Ok((begun.elapsed(), peak))
}

fn high_water_mark(status: &str) -> Option<u64> {
    let text = std::fs::read_to_string(status).ok()?;
    let line = text.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}
