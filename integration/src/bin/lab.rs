//! The lab by hand: `lab build|up|down|kubeconfig`.
//!
//! `up` leaves a process behind that holds the control plane and listens on a socket in the
//! cache folder; `down` and `kubeconfig` talk to it. If it dies, its control plane goes too.
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a command line: it starts processes, keeps files and prints its result"
)]

use std::io::{BufRead, BufReader, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Command, ExitCode, Stdio};

use anyhow::{Context, Result, bail};
use stackctl_integration::{Cache, ControlPlane, Part, say};

const USAGE: &str = "\
usage: lab COMMAND
  build       builds every part that the cache lacks; `build helm` also the benches' peer
  up          starts a control plane in the background and prints its kubeconfig's path
  down        stops it and removes its data
  kubeconfig  prints the path again; `kubeconfig operator` that of the user who is no master";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let outcome = match args[..] {
        ["build"] => build(&[&Part::TEST_TOOLS[..], &Part::CONTROL_PLANE].concat()),
        ["build", "helm"] => build(&[Part::Helm]),
        ["up"] => up(),
        ["serve"] => serve(),
        ["down"] => down(),
        ["kubeconfig"] => kubeconfig("admin"),
        ["kubeconfig", "operator"] => kubeconfig("operator"),
        _ => {
            say(USAGE);
            return ExitCode::from(64);
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say(&format!("{error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn build(parts: &[Part]) -> Result<()> {
    let parts = Cache::open()?.ensure(parts)?;
    say(&format!("built: {parts}"));
    Ok(())
}

fn socket() -> Result<PathBuf> {
    Ok(Cache::open()?.folder().join("up.socket"))
}

fn up() -> Result<()> {
    if let Ok(path) = ask("admin") {
        println!("{path}");
        return Ok(());
    }
    Cache::open()?.ensure(&Part::CONTROL_PLANE)?;
    let log = std::fs::File::create(Cache::open()?.folder().join("up.log"))?;
    let mut holder = Command::new(std::env::current_exe()?)
        .arg("serve")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(log)
        .process_group(0)
        .spawn()
        .context("starting the process that holds the control plane")?;
    let mut line = String::new();
    let output = holder.stdout.take().context("no pipe to the holder")?;
    BufReader::new(output).read_line(&mut line)?;
    if line.is_empty() {
        let words = std::fs::read_to_string(Cache::open()?.folder().join("up.log"))?;
        bail!("the control plane did not start:\n{words}");
    }
    print!("{line}");
    Ok(())
}

/// Holds a control plane until told to end it. Answers one line to each line asked.
fn serve() -> Result<()> {
    let cluster = ControlPlane::start()?;
    let path = socket()?;
    let _ = std::fs::remove_file(&path);
    let listener =
        UnixListener::bind(&path).with_context(|| format!("listening on {}", path.display()))?;
    println!("{}", cluster.kubeconfig().display());
    for stream in listener.incoming() {
        let mut stream = stream?;
        let mut line = String::new();
        BufReader::new(&stream).read_line(&mut line)?;
        match line.trim() {
            "admin" => writeln!(stream, "{}", cluster.kubeconfig().display())?,
            "operator" => writeln!(stream, "{}", cluster.operator_kubeconfig().display())?,
            "down" => {
                let _ = std::fs::remove_file(&path);
                cluster.stop()?;
                writeln!(stream, "stopped")?;
                return Ok(());
            }
            other => writeln!(stream, "no such request: {other}")?,
        }
    }
    Ok(())
}

fn ask(what: &str) -> Result<String> {
    let mut stream = UnixStream::connect(socket()?).context("no lab is up. Next: lab up")?;
    writeln!(stream, "{what}")?;
    let mut line = String::new();
    BufReader::new(stream).read_line(&mut line)?;
    Ok(line.trim().to_owned())
}

fn down() -> Result<()> {
    say(&ask("down")?);
    Ok(())
}

fn kubeconfig(user: &str) -> Result<()> {
    println!("{}", ask(user)?);
    Ok(())
}
