//! Runs a command for what it says on standard output, which is never part of an error.

use std::io::Read;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant};

use stackctl_model::SecretValue;
use zeroize::Zeroizing;

use super::error::SecretError;
use super::newline::without_newline;

/// How long a command may take.
const PATIENCE: Duration = Duration::from_secs(30);
/// How much a command may say, in bytes.
const MOST: usize = 64 * 1024;
/// How often an ending command is looked at.
const GLANCE: Duration = Duration::from_millis(5);

/// What a command says, without its last newline. `shown` stands for the command in errors.
pub(super) fn output(shown: &str, command: &mut Command) -> Result<SecretValue, SecretError> {
    output_within(shown, command, PATIENCE)
}

fn output_within(
    shown: &str,
    command: &mut Command,
    patience: Duration,
) -> Result<SecretValue, SecretError> {
    let failed = |reason: String| SecretError::Command { command: shown.to_owned(), reason };
    let too_slow = || failed(format!("took longer than {} s", patience.as_secs_f32()));
    let deadline = Instant::now() + patience;
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        // What a failing command says may hold the value.
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| failed(format!("cannot be started ({})", error.kind())))?;
    let said = listen(&mut child).recv_timeout(patience);
    let status = end(&mut child, if said.is_ok() { deadline } else { Instant::now() });
    let mut bytes = match said {
        Ok(Ok(bytes)) => bytes,
        Ok(Err(kind)) => return Err(failed(kind.to_string())),
        Err(RecvTimeoutError::Timeout) => return Err(too_slow()),
        Err(RecvTimeoutError::Disconnected) => return Err(failed("has no output".to_owned())),
    };
    let value = SecretValue::new(without_newline(std::mem::take(&mut *bytes)));
    if value.expose().len() > MOST {
        return Err(failed(format!("said more than {} KiB", MOST / 1024)));
    }
    match status {
        Some(status) if status.success() => Ok(value),
        Some(status) => Err(failed(format!("ended with {status}; run it by hand to see why"))),
        None => Err(too_slow()),
    }
}

/// Reads on a thread of its own, since a pipe has no time-out.
fn listen(child: &mut Child) -> mpsc::Receiver<Result<Zeroizing<Vec<u8>>, std::io::ErrorKind>> {
    let (sender, receiver) = mpsc::channel();
    if let Some(output) = child.stdout.take() {
        std::thread::spawn(move || {
            // Room for all of it: a vector that grows leaves what it held behind.
            let mut bytes = Zeroizing::new(Vec::with_capacity(MOST + 3));
            let read = output.take(MOST as u64 + 2).read_to_end(&mut bytes);
            // Nobody listens any more after the time-out.
            let _ = sender.send(read.map(|_| bytes).map_err(|error| error.kind()));
        });
    }
    receiver
}

/// How the command ended; it is killed at the deadline.
fn end(child: &mut Child, deadline: Instant) -> Option<ExitStatus> {
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Some(status),
            Ok(None) if Instant::now() < deadline => std::thread::sleep(GLANCE),
            Ok(None) | Err(_) => break,
        }
    }
    // It may have ended by itself in the meantime.
    let _ = child.kill();
    let _ = child.wait();
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(script: &str) -> Result<String, String> {
        let mut command = Command::new("sh");
        output_within("x", command.args(["-c", script]), Duration::from_secs(1))
            .map(|value| String::from_utf8(value.expose().to_vec()).unwrap())
            .map_err(|error| error.to_string())
    }

    #[test]
    fn a_command_is_read_without_its_newline() {
        assert_eq!(run("printf 'a b\\n\\n'"), Ok("a b\n".to_owned()));
    }

    #[test]
    fn what_a_failing_command_said_is_not_in_the_error() {
        let error = run("echo canary; echo canary >&2; exit 3").unwrap_err();
        assert!(error.contains("exit status: 3") && !error.contains("canary"), "{error}");
    }

    #[test]
    fn a_command_that_hangs_or_babbles_is_stopped() {
        let slow = Err("command `x` took longer than 1 s".to_owned());
        assert_eq!(run("exec sleep 60"), slow);
        assert_eq!(run("exec >&-; sleep 60"), slow);
        assert_eq!(run("yes | head -c 99999"), Err("command `x` said more than 64 KiB".to_owned()));
    }

    #[test]
    fn standard_input_is_empty() {
        assert_eq!(run("cat; echo end"), Ok("end".to_owned()));
    }
}
