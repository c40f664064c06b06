//! What was kept: `retired`, `undo`, `purge`, `history`, `rollback`, `unlock`.

use clap::Subcommand;
use stackctl_model::IdPattern;

use super::common::{AllowArgs, ApplyFormat, PlaceArgs, PlanFormat};
use super::plan::WorkArgs;

#[derive(Debug, clap::Args)]
pub(crate) struct RetiredArgs {
    #[command(flatten)]
    pub(crate) place: PlaceArgs,
    /// How to show it
    #[arg(short, long, value_enum, default_value = "text")]
    pub(crate) output: ApplyFormat,
}

/// What of the retired is meant.
#[derive(Debug, clap::Args)]
pub(crate) struct NamedArgs {
    /// What was retired: an id, a pattern with *, or app.NAME
    #[arg(required = true, value_name = "ID")]
    pub(crate) ids: Vec<IdPattern>,
    #[command(flatten)]
    pub(crate) work: WorkArgs,
}

#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct HistoryArgs {
    #[command(subcommand)]
    pub(crate) command: Option<HistoryCommand>,
    #[command(flatten)]
    pub(crate) place: PlaceArgs,
    /// How to show it
    #[arg(short, long, value_enum, default_value = "text")]
    pub(crate) output: ApplyFormat,
}

#[derive(Debug, Subcommand)]
pub(crate) enum HistoryCommand {
    /// Show what two applies asked for differently
    Diff(HistoryDiffArgs),
}

#[derive(Debug, clap::Args)]
pub(crate) struct HistoryDiffArgs {
    /// The earlier one
    pub(crate) from: u64,
    /// The later one
    pub(crate) to: u64,
    #[command(flatten)]
    pub(crate) place: PlaceArgs,
    /// How to show it
    #[arg(short, long, value_enum, default_value = "text")]
    pub(crate) output: PlanFormat,
}

#[derive(Debug, clap::Args)]
pub(crate) struct RollbackArgs {
    /// Which one [default: the one before the last]
    pub(crate) generation: Option<u64>,
    /// Only show the plan
    #[arg(long)]
    pub(crate) dry_run: bool,
    #[command(flatten)]
    pub(crate) allow: AllowArgs,
    #[command(flatten)]
    pub(crate) work: WorkArgs,
}

#[derive(Debug, clap::Args)]
pub(crate) struct UnlockArgs {
    #[command(flatten)]
    pub(crate) place: PlaceArgs,
    /// Do not ask
    #[arg(short, long)]
    pub(crate) yes: bool,
}
