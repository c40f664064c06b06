//! `plan`, `show`, `diff`, `apply` and `destroy`.

use std::path::PathBuf;

use super::common::{
    AllowArgs, ApplyFormat, PlaceArgs, PlanFormat, PlanningArgs, SelectArgs, duration,
};

#[derive(Debug, clap::Args)]
pub(crate) struct PlanArgs {
    #[command(flatten)]
    pub(crate) planning: PlanningArgs,
    /// How to show the plan
    #[arg(short, long, value_enum, default_value = "text")]
    pub(crate) output: PlanFormat,
    /// Save the plan, to be applied exactly; it holds no secret
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// Plan to delete what the stack owns
    #[arg(long)]
    pub(crate) destroy: bool,
    #[command(flatten)]
    pub(crate) allow: AllowArgs,
}

#[derive(Debug, clap::Args)]
pub(crate) struct ShowArgs {
    /// A plan that `plan --out` wrote
    #[arg(value_name = "PLAN")]
    pub(crate) plan: PathBuf,
    /// How to show it
    #[arg(short, long, value_enum, default_value = "text")]
    pub(crate) output: PlanFormat,
}

#[derive(Debug, clap::Args)]
pub(crate) struct DiffArgs {
    #[command(flatten)]
    pub(crate) planning: PlanningArgs,
    /// How to show the differences
    #[arg(short, long, value_enum, default_value = "text")]
    pub(crate) output: PlanFormat,
    /// Exit with this code when there are changes
    #[arg(long, value_name = "CODE", conflicts_with = "detailed_exitcode")]
    pub(crate) exit_code_changes: Option<u8>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct ApplyArgs {
    /// A plan that `plan --out` wrote: exactly that is applied, without asking [default: plan now]
    #[arg(value_name = "PLAN", conflicts_with_all = ["only", "except", "allow_data_loss", "allow_mass_removal"])]
    pub(crate) plan: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) select: SelectArgs,
    #[command(flatten)]
    pub(crate) allow: AllowArgs,
    #[command(flatten)]
    pub(crate) work: WorkArgs,
}

#[derive(Debug, clap::Args)]
pub(crate) struct DestroyArgs {
    #[command(flatten)]
    pub(crate) select: SelectArgs,
    #[command(flatten)]
    pub(crate) allow: AllowArgs,
    #[command(flatten)]
    pub(crate) work: WorkArgs,
}

/// How a plan is carried out.
#[derive(Debug, clap::Args)]
pub(crate) struct WorkArgs {
    #[command(flatten)]
    pub(crate) place: PlaceArgs,
    /// Exit 2 when there are changes
    #[arg(long)]
    pub(crate) detailed_exitcode: bool,
    /// Do not ask
    #[arg(short, long, visible_alias = "auto-approve")]
    pub(crate) yes: bool,
    /// How many requests may be in flight [default: what the target takes best]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=64))]
    pub(crate) parallelism: Option<u16>,
    /// Write only; do not wait until what was written is ready
    #[arg(long)]
    pub(crate) no_wait: bool,
    /// How long each resource may take to be ready: 90s, 10m, 1h
    #[arg(long, value_name = "DURATION", default_value = "5m", value_parser = duration)]
    pub(crate) timeout: std::time::Duration,
    /// How long to wait for another apply of this stack
    #[arg(long, value_name = "DURATION", default_value = "0s", value_parser = duration)]
    pub(crate) lock_timeout: std::time::Duration,
    /// text, or json: one event per line
    #[arg(short, long, value_enum, default_value = "text")]
    pub(crate) output: ApplyFormat,
}

#[derive(Debug, clap::Args)]
pub(crate) struct DoctorArgs {
    #[command(flatten)]
    pub(crate) place: PlaceArgs,
    /// How it is shown
    #[arg(short, long, value_enum, default_value = "text")]
    pub(crate) output: ApplyFormat,
}
