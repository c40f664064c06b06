//! `stackctl completions`

use clap::CommandFactory;

use crate::args::{Args, CompletionsArgs};
use crate::error::Error;
use crate::exit::Exit;
use crate::terminal::Terminal;

#[expect(clippy::unnecessary_wraps, reason = "all commands have one shape")]
pub(crate) fn run(args: &CompletionsArgs, terminal: &mut Terminal) -> Result<Exit, Error> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Args::command(), "stackctl", &mut script);
    terminal.out(&String::from_utf8_lossy(&script));
    Ok(Exit::Success)
}
