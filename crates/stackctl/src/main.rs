//! The command line: reads arguments, runs one command, answers with one of the promised exit codes.
#![allow(
    clippy::disallowed_methods,
    reason = "the command line is where environment, files and clock are met"
)]

mod args;
mod author;
mod commands;
mod disk;
mod error;
mod exit;
mod locate;
mod planning;
mod progress;
mod saved;
mod signals;
mod stack;
mod target;
mod terminal;
mod text_digests;

use std::process::ExitCode;

use args::{Args, Command};
use clap::Parser;
use exit::Exit;
use terminal::Terminal;

fn main() -> ExitCode {
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => {
            // A closed pipe is not worth a second error.
            let _ = error.print();
            return if error.use_stderr() { Exit::Usage } else { Exit::Success }.into();
        }
    };
    let mut terminal = Terminal::new(args.color);
    let result = run(args.command, &mut terminal);
    let exit = result.unwrap_or_else(|error| {
        terminal.error(&error);
        error.exit()
    });
    exit.into()
}

fn run(command: Command, terminal: &mut Terminal) -> Result<Exit, error::Error> {
    match command {
        Command::Init(args) => commands::init::run(&args, terminal),
        Command::Check(args) => commands::check::run(&args, terminal),
        Command::Fmt(args) => commands::fmt::run(&args, terminal),
        Command::Explain(args) => commands::explain::run(&args, terminal),
        Command::Plan(args) => commands::plan::run(&args, terminal),
        Command::Show(args) => commands::show::run(&args, terminal),
        Command::Diff(args) => commands::diff::run(&args, terminal),
        Command::Apply(args) => commands::apply::run(&args, terminal),
        Command::Destroy(args) => commands::destroy::run(&args, terminal),
        Command::History(args) => commands::history::run(&args, terminal),
        Command::Rollback(args) => commands::rollback::run(&args, terminal),
        Command::Retired(args) => commands::retired::list(&args, terminal),
        Command::Undo(args) => commands::retired::undo(&args, terminal),
        Command::Purge(args) => commands::retired::purge(&args, terminal),
        Command::Unlock(args) => commands::unlock::run(&args, terminal),
        Command::Doctor(args) => commands::doctor::run(&args, terminal),
        Command::Render(args) => commands::render::run(&args, terminal),
        Command::Graph(args) => commands::graph::run(&args, terminal),
        Command::Module(args) => commands::module::run(&args, terminal),
        Command::Completions(args) => commands::completions::run(&args, terminal),
    }
}
