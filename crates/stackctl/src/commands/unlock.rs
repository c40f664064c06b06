//! `stackctl unlock`: takes the lock from a holder that will not come back.

use crate::args::UnlockArgs;
use crate::error::Error;
use crate::exit::Exit;
use crate::planning::{self, TargetedStack};
use crate::terminal::Terminal;

pub(crate) fn run(args: &UnlockArgs, terminal: &mut Terminal) -> Result<Exit, Error> {
    planning::block_on(async {
        let place = TargetedStack::find(&args.place, None, terminal).await?;
        if !args.yes {
            if !terminal.can_ask() {
                return Err(Error::Refused {
                    message: "confirmation is needed and there is no terminal to ask on; the lock is as it was"
                        .to_owned(),
                    hint: "stackctl unlock --yes".to_owned(),
                });
            }
            let question = "An apply that still runs stops when its lock is taken. Take it?";
            if !terminal.ask(question) {
                return Ok(Exit::Refused);
            }
        }
        let target = place.chosen.targets.ledger.as_ref();
        let holder = stackctl_engine::unlock(target, &place.mark()).await.map_err(Error::Engine)?;
        terminal.out(&match holder {
            Some(holder) => format!("unlocked: {holder}\n"),
            None => "nobody held the lock\n".to_owned(),
        });
        Ok(Exit::Success)
    })
}
