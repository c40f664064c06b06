//! `stackctl fmt`

use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use stackctl_lang::{Files, Sources};

use crate::args::FmtArgs;
use crate::disk::Disk;
use crate::error::Error;
use crate::exit::Exit;
use crate::terminal::Terminal;
use crate::{locate, stack};

pub(crate) fn run(args: &FmtArgs, terminal: &mut Terminal) -> Result<Exit, Error> {
    if args.files == [PathBuf::from("-")] {
        return from_standard_input(args.check, terminal);
    }
    let files = if args.files.is_empty() { stack_files()? } else { args.files.clone() };
    let mut changed = false;
    for file in &files {
        changed |= lay_out(file, args.check, terminal)?;
    }
    Ok(if args.check && changed { Exit::CheckFailed } else { Exit::Success })
}

/// The stack and what it includes.
fn stack_files() -> Result<Vec<PathBuf>, Error> {
    let path = locate::stack(None)?;
    let mut sources = Sources::default();
    let _ = stackctl_lang::read_stack(&Disk, &path.to_string_lossy(), &mut sources);
    Ok(sources.iter().map(|source| PathBuf::from(&source.name)).collect())
}

fn lay_out(file: &Path, check: bool, terminal: &mut Terminal) -> Result<bool, Error> {
    let name = file.to_string_lossy();
    let text = Disk
        .read(&name)
        .map_err(|error| Error::Failed { message: error.to_string(), hint: None })?;
    let laid_out = formatted(&name, &text, terminal)?;
    if laid_out == text {
        return Ok(false);
    }
    if check {
        terminal.note(&format!("{name}: would be laid out anew"));
    } else {
        write(file, &laid_out)?;
        terminal.note(&format!("{name}: laid out anew"));
    }
    Ok(true)
}

/// Writes whole or not at all.
fn write(file: &Path, text: &str) -> Result<(), Error> {
    let failed = |source| Error::Io {
        what: format!("{} cannot be written; it is as it was", file.display()),
        source,
    };
    let mut fresh = tempfile::NamedTempFile::new_in(locate::folder(file)).map_err(failed)?;
    fresh.write_all(text.as_bytes()).map_err(failed)?;
    let mode = std::fs::metadata(file).map_err(failed)?.permissions();
    fresh.as_file().set_permissions(mode).map_err(failed)?;
    fresh.persist(file).map_err(|error| failed(error.error))?;
    Ok(())
}

fn from_standard_input(check: bool, terminal: &mut Terminal) -> Result<Exit, Error> {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text).map_err(|source| Error::Io {
        what: "standard input cannot be read as UTF-8 text".to_owned(),
        source,
    })?;
    let laid_out = formatted("standard input", &text, terminal)?;
    if check {
        return Ok(if laid_out == text { Exit::Success } else { Exit::CheckFailed });
    }
    terminal.out(&laid_out);
    Ok(Exit::Success)
}

fn formatted(name: &str, text: &str, terminal: &mut Terminal) -> Result<String, Error> {
    stackctl_lang::format(text).map_err(|findings| {
        let mut sources = Sources::default();
        sources.add(name, text);
        let mut shown = String::new();
        stackctl_view::findings_text(
            &findings,
            &stack::texts(&sources),
            terminal.err_style(),
            &mut shown,
        )
        .expect("writing to a String cannot fail");
        terminal.note(&shown);
        Error::Failed { message: format!("{name} cannot be read; it is as it was"), hint: None }
    })
}
