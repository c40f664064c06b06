//! `stackctl destroy`

use stackctl_plan::Goal;

use super::apply;
use crate::args::ApplyArgs;
use crate::error::Error;
use crate::exit::Exit;
use crate::terminal::Terminal;

pub(crate) fn run(args: &ApplyArgs, terminal: &mut Terminal) -> Result<Exit, Error> {
    apply::carry_out(args, Goal::Destroy, terminal)
}
