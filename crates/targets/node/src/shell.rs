//! A shell on a machine: scripts go in, what they print comes out.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use openssh::{ControlPersist, KnownHosts, Session, SessionBuilder};
use stackctl_model::Way;
use tokio::io::AsyncWriteExt;
use tokio::process::Command;

use crate::words;

/// How long a machine may take to let somebody in.
const PATIENCE: Duration = Duration::from_secs(10);
/// How many seconds a connection is kept that nobody uses, such as while a plan is read.
const IDLE: NonZeroUsize = NonZeroUsize::new(600).unwrap();
/// Between two signs of life on a connection; ssh gives up after three that are not answered.
const SIGN_OF_LIFE: Duration = Duration::from_secs(5);

/// Why a script has no answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ShellError {
    /// Nobody was let in: nothing has happened there.
    #[error("{0}")]
    Unreachable(String),
    /// It was begun; how far it came is not known.
    #[error("the connection broke")]
    Broken,
}

/// How to log in.
#[derive(Clone, Debug, Default)]
pub struct SshOptions {
    /// The ssh configuration to use instead of OpenSSH's own.
    pub config: Option<PathBuf>,
}

/// An open way to a machine.
pub(crate) enum Shell {
    Local,
    Ssh(Box<Session>),
}

impl Shell {
    /// Logs in through the user's own ssh: its configuration, agent, jump hosts and known hosts hold. All
    /// that is asked of the machine later goes through this one connection.
    pub(crate) async fn open(way: &Way, options: &SshOptions) -> Result<Self, ShellError> {
        let destination = match way {
            Way::Local => return Ok(Self::Local),
            Way::None => {
                return Err(ShellError::Unreachable("the stack names no way to it".to_owned()));
            }
            // What the cluster remembers of a machine may have been written by anybody who may write there.
            Way::Ssh(destination) if destination.starts_with('-') => {
                return Err(ShellError::Unreachable(format!(
                    "{destination} is no place to log in to"
                )));
            }
            Way::Ssh(destination) => destination,
        };
        let mut builder = SessionBuilder::default();
        builder
            .known_hosts_check(KnownHosts::Strict)
            .connect_timeout(PATIENCE)
            .server_alive_interval(SIGN_OF_LIFE)
            // One that a killed run leaves behind ends by itself.
            .control_persist(ControlPersist::IdleFor(IDLE))
            // Paths of sockets may have no more than about a hundred characters.
            .control_directory(std::env::temp_dir());
        if let Some(config) = &options.config {
            builder.config_file(config);
        }
        let session = tokio::time::timeout(3 * PATIENCE, builder.connect_mux(destination)).await;
        match session {
            Ok(Ok(session)) => Ok(Self::Ssh(Box::new(session))),
            Ok(Err(error)) => Err(ShellError::Unreachable(words::unreachable(destination, &error))),
            Err(_) => {
                Err(ShellError::Unreachable(format!("{destination} does not let anybody in")))
            }
        }
    }

    /// Runs a script, as root where asked for, and returns what it printed.
    pub(crate) async fn run(&self, script: &str, as_root: bool) -> Result<Vec<u8>, ShellError> {
        let output = match self {
            Self::Local => {
                let mut command = if as_root {
                    let mut sudo = Command::new("sudo");
                    sudo.args(["-n", "sh", "-s"]);
                    sudo
                } else {
                    let mut shell = Command::new("sh");
                    shell.arg("-s");
                    shell
                };
                let child = command
                    .stdin(Stdio::piped())
                    .stdout(Stdio::piped())
                    .stderr(Stdio::null())
                    .spawn();
                let mut child =
                    child.map_err(|error| ShellError::Unreachable(error.to_string()))?;
                feed(child.stdin.take(), script).await?;
                child.wait_with_output().await.map_err(|_| ShellError::Broken)?.stdout
            }
            Self::Ssh(session) => {
                // Words that every shell reads alike, whatever the login shell is.
                let mut command =
                    session.raw_command(if as_root { "sudo -n sh -s" } else { "sh -s" });
                command
                    .stdin(openssh::Stdio::piped())
                    .stdout(openssh::Stdio::piped())
                    .stderr(openssh::Stdio::null());
                let mut child = command.spawn().await.map_err(|_| ShellError::Broken)?;
                feed(child.stdin().take(), script).await?;
                child.wait_with_output().await.map_err(|_| ShellError::Broken)?.stdout
            }
        };
        Ok(output)
    }
}

async fn feed(
    input: Option<impl tokio::io::AsyncWrite + Unpin>,
    script: &str,
) -> Result<(), ShellError> {
    let Some(mut input) = input else { return Ok(()) };
    let written = input.write_all(script.as_bytes()).await;
    // A shell that ends early, such as a refused sudo, is told by its answer.
    drop(written);
    input.shutdown().await.or(Ok(()))
}
