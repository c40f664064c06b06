//! `stackctl destroy`

use stackctl_plan::Goal;

use super::apply;
use crate::args::DestroyArgs;
use crate::error::Error;
use crate::exit::Exit;
use crate::terminal::Terminal;

pub(crate) fn run(args: &DestroyArgs, terminal: &mut Terminal) -> Result<Exit, Error> {
    apply::carry_out(&args.work, Goal::Destroy, terminal)
}
