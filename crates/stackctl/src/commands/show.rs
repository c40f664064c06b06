//! `stackctl show`: a saved plan, in any of a plan's forms.

use crate::args::ShowArgs;
use crate::error::Error;
use crate::exit::Exit;
use crate::planning;
use crate::saved;
use crate::terminal::Terminal;

pub(crate) fn run(args: &ShowArgs, terminal: &mut Terminal) -> Result<Exit, Error> {
    let saved = saved::read(&args.plan)?;
    terminal.note(&format!("target: {}; saved by stackctl {}", saved.target, saved.version));
    terminal.out(&planning::shown(
        &saved.plan,
        args.output,
        terminal.out_style(),
        stackctl_view::plan_text,
    ));
    Ok(Exit::Success)
}
