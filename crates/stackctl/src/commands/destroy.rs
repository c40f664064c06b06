//! `stackctl destroy`

use stackctl_plan::Goal;

use super::apply;
use crate::args::DestroyArgs;
use crate::error::Error;
use crate::exit::Exit;
use crate::planning;
use crate::terminal::Terminal;

pub(crate) fn run(args: &DestroyArgs, terminal: &mut Terminal) -> Result<Exit, Error> {
    let scope = planning::scope(Goal::Destroy, &args.select, &args.allow);
    apply::carry_out(&args.work, &scope, terminal)
}
