//! `stackctl history`: who applied what and when, and how two of them differ.

use stackctl_model::Resource;

use crate::args::{ApplyFormat, HistoryArgs, HistoryCommand, HistoryDiffArgs, PlaceArgs};
use crate::error::Error;
use crate::exit::Exit;
use crate::planning::{self, TargetedStack};
use crate::terminal::Terminal;

pub(crate) fn run(args: &HistoryArgs, terminal: &mut Terminal) -> Result<Exit, Error> {
    match &args.command {
        Some(HistoryCommand::Diff(args)) => diff(args, terminal),
        None => list(args, terminal),
    }
}

async fn place(args: &PlaceArgs, terminal: &mut Terminal) -> Result<TargetedStack, Error> {
    TargetedStack::find(args, None, terminal).await
}

fn list(args: &HistoryArgs, terminal: &mut Terminal) -> Result<Exit, Error> {
    planning::block_on(async {
        let place = place(&args.place, terminal).await?;
        let target = place.chosen.targets.ledger.as_ref();
        let all =
            stackctl_engine::generations(target, &place.mark()).await.map_err(Error::Engine)?;
        terminal.out(&match args.output {
            ApplyFormat::Text => stackctl_view::history_text(&all, terminal.out_style()),
            ApplyFormat::Json => stackctl_view::history_json(&all),
        });
        Ok(Exit::Success)
    })
}

fn diff(args: &HistoryDiffArgs, terminal: &mut Terminal) -> Result<Exit, Error> {
    planning::block_on(async {
        let place = place(&args.place, terminal).await?;
        let (from, to) = (recorded(&place, args.from).await?, recorded(&place, args.to).await?);
        let plan = stackctl_plan::compare_recordings(&place.mark(), from, to);
        let style = terminal.out_style();
        terminal.out(&planning::shown(&plan, args.output, style, stackctl_view::diff_text));
        Ok(Exit::Success)
    })
}

/// What a generation asked for.
pub(super) async fn recorded(place: &TargetedStack, number: u64) -> Result<Vec<Resource>, Error> {
    let target = place.chosen.targets.ledger.as_ref();
    let found = stackctl_engine::recording(target, &place.mark(), number).await;
    let resources = found.map_err(Error::Engine)?.and_then(|text| stackctl_plan::restore(&text));
    resources.ok_or_else(|| Error::Usage {
        message: format!(
            "generation {number} is not remembered, or was too large to record; nothing was changed"
        ),
        hint: "stackctl history lists those that are remembered".to_owned(),
    })
}
