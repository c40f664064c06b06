//! The arguments of every command.

use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};
use stackctl_model::IdPattern;

/// One KDL file describes the whole lab; plan, diff and apply make it so.
#[derive(Debug, Parser)]
#[command(name = "stackctl", version, propagate_version = true, after_help = EXAMPLES)]
pub(crate) struct Args {
    /// When to colour: a terminal is coloured unless `NO_COLOR` is set.
    #[arg(long, global = true, value_enum, default_value = "auto", hide_possible_values = false)]
    pub(crate) color: Color,
    #[command(subcommand)]
    pub(crate) command: Command,
}

const EXAMPLES: &str = "Examples:
  stackctl init                     write a small stack.kdl to start from
  stackctl plan --sandbox           see what would be done, with nothing installed
  stackctl apply --context home     plan, show, ask, apply
  stackctl diff --detailed-exitcode exit 2 when something has drifted";

/// When to colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Write a small stack.kdl to start from
    #[command(after_help = "Examples:
  stackctl init                  stack.kdl here, with one app
  stackctl init home jellyfin sonarr")]
    Init(InitArgs),
    /// Check the stack: every mistake in one run, nothing is read but files
    #[command(after_help = "Examples:
  stackctl check
  stackctl check --strict        warnings fail too (exit 3)
  stackctl check -o short        file:line:column lines for editors
  stackctl check -o sarif        for code scanning in CI")]
    Check(CheckArgs),
    /// Lay out stack and module files, keeping every comment
    #[command(after_help = "Examples:
  stackctl fmt                   rewrite the stack and its includes
  stackctl fmt --check           exit 3 when something would change
  stackctl fmt - < stack.kdl     from standard input to standard output")]
    Fmt(FmtArgs),
    /// Say what a word of the stack means: its type, default and doc
    #[command(after_help = "Examples:
  stackctl explain storage-class
  stackctl explain app.jellyfin
  stackctl explain app.jellyfin.volume")]
    Explain(ExplainArgs),
    /// Show what would be done and why; nothing is written
    #[command(after_help = "Examples:
  stackctl plan --sandbox
  stackctl plan --only app.jellyfin
  stackctl plan -o markdown > comment.md
  stackctl plan --out plan.json          then: stackctl apply plan.json
  stackctl plan --destroy
  stackctl plan --detailed-exitcode      exit 2 when there are changes")]
    Plan(PlanArgs),
    /// Show a saved plan
    #[command(after_help = "Examples:
  stackctl show plan.json
  stackctl show plan.json -o markdown > comment.md")]
    Show(ShowArgs),
    /// Show each field that differs, live against desired; nothing is written
    #[command(after_help = "Examples:
  stackctl diff
  stackctl diff --only 'deployment/media/*'
  stackctl diff --exit-code-changes=1    kubectl's way of saying \"differs\"")]
    Diff(DiffArgs),
    /// Plan, show, ask, and make it so
    #[command(after_help = "Examples:
  stackctl apply
  stackctl apply --yes --timeout 10m
  stackctl apply plan.json       exactly what was saved, or nothing (exit 4)
  stackctl apply --only app.sonarr
  stackctl apply --allow-data-loss=persistentvolumeclaim/media/sonarr-config")]
    Apply(ApplyArgs),
    /// Delete what the stack owns; what holds data is kept unless named
    #[command(after_help = "Examples:
  stackctl destroy --sandbox
  stackctl destroy --only app.sonarr
  stackctl destroy --allow-data-loss='pvc/media/*'")]
    Destroy(DestroyArgs),
    /// Show who applied what and when
    #[command(after_help = "Examples:
  stackctl history
  stackctl history diff 3 4      what was asked for, field by field
  stackctl history -o json")]
    History(HistoryArgs),
    /// Go back to what an earlier apply asked for: a plan like any other
    #[command(after_help = "Examples:
  stackctl rollback              to the one before the last
  stackctl rollback 3
  stackctl rollback 3 --dry-run  only show the plan")]
    Rollback(RollbackArgs),
    /// List what was retired: kept, with its data, although its block is gone
    #[command(after_help = "Examples:
  stackctl retired
  stackctl retired -o json")]
    Retired(RetiredArgs),
    /// Take back what was retired, as it was
    #[command(after_help = "Examples:
  stackctl undo app.sonarr
  stackctl undo pvc/media/sonarr-config")]
    Undo(NamedArgs),
    /// Delete for good what was retired, data included
    #[command(after_help = "Examples:
  stackctl purge app.sonarr
  stackctl purge pvc/media/sonarr-config --yes")]
    Purge(NamedArgs),
    /// Take the stack's lock away from a holder that will not come back
    #[command(after_help = "Examples:
  stackctl unlock
  stackctl unlock --yes")]
    Unlock(UnlockArgs),
    /// Write the plain manifests the stack comes to
    #[command(after_help = "Examples:
  stackctl render                to standard output
  stackctl render --to manifests one file per object, stable names
  stackctl render rbac           the least rights for plan and apply")]
    Render(RenderArgs),
    /// Draw what depends on what
    #[command(after_help = "Examples:
  stackctl graph                             Mermaid, as GitHub shows it
  stackctl graph --format dot | dot -Tsvg > stack.svg")]
    Graph(GraphArgs),
    /// Work on modules
    #[command(after_help = "Examples:
  stackctl module test                   test the modules beside the stack
  stackctl module test modules/photoprism --update")]
    Module(ModuleArgs),
    /// Print a shell's completion script
    #[command(after_help = "Examples:
  stackctl completions bash > /etc/bash_completion.d/stackctl
  stackctl completions fish > ~/.config/fish/completions/stackctl.fish")]
    Completions(CompletionsArgs),
}

/// Which stack.
#[derive(Debug, clap::Args)]
pub(crate) struct StackArgs {
    /// The stack [default: the stack.kdl here or above]
    #[arg(short, long, value_name = "FILE", env = "STACKCTL_FILE")]
    pub(crate) file: Option<PathBuf>,
}

/// Which target.
#[derive(Debug, clap::Args)]
pub(crate) struct TargetArgs {
    /// Use the sandbox, a local folder, instead of a cluster [default folder: .stackctl/sandbox]
    #[arg(long, value_name = "DIR", num_args = 0..=1, require_equals = true,
          conflicts_with_all = ["context", "kubeconfig"])]
    pub(crate) sandbox: Option<Option<PathBuf>>,
    /// Context of the kubeconfig [default: the stack's cluster block]
    #[arg(long, value_name = "NAME", env = "STACKCTL_CONTEXT")]
    pub(crate) context: Option<String>,
    /// How long one request to the cluster may take
    #[arg(long, value_name = "DURATION", default_value = "30s", value_parser = duration)]
    pub(crate) request_timeout: std::time::Duration,
    /// The kubeconfig [default: KUBECONFIG, ~/.kube/config]
    #[arg(long, value_name = "FILE")]
    pub(crate) kubeconfig: Option<PathBuf>,
}

/// Which resources.
#[derive(Debug, clap::Args)]
pub(crate) struct SelectArgs {
    /// Only these and what they need: an id, a pattern with *, or app.NAME; repeatable
    #[arg(long, value_name = "ID")]
    pub(crate) only: Vec<IdPattern>,
    /// All but these and what needs them; repeatable
    #[arg(long, value_name = "ID")]
    pub(crate) except: Vec<IdPattern>,
}

/// Which stack, and where it is.
#[derive(Debug, clap::Args)]
pub(crate) struct PlaceArgs {
    #[command(flatten)]
    pub(crate) stack: StackArgs,
    #[command(flatten)]
    pub(crate) target: TargetArgs,
}

/// What may be lost.
#[derive(Debug, clap::Args)]
pub(crate) struct AllowArgs {
    /// Allow this resource's data to be lost; repeatable
    #[arg(long, value_name = "ID")]
    pub(crate) allow_data_loss: Vec<IdPattern>,
    /// Allow a plan that takes away most of what the stack owns
    #[arg(long)]
    pub(crate) allow_mass_removal: bool,
}

/// What a planning command shares.
#[derive(Debug, clap::Args)]
pub(crate) struct PlanningArgs {
    #[command(flatten)]
    pub(crate) place: PlaceArgs,
    #[command(flatten)]
    pub(crate) select: SelectArgs,
    /// Exit 2 when there are changes
    #[arg(long)]
    pub(crate) detailed_exitcode: bool,
}

/// How a plan is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum PlanFormat {
    Text,
    Json,
    Markdown,
}

#[derive(Debug, clap::Args)]
pub(crate) struct InitArgs {
    /// The stack's name
    #[arg(default_value = "home")]
    pub(crate) name: String,
    /// Apps to start with
    #[arg(default_value = "jellyfin")]
    pub(crate) apps: Vec<String>,
    /// Where to write it
    #[arg(short, long, value_name = "FILE", default_value = "stack.kdl")]
    pub(crate) file: PathBuf,
}

/// How findings are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum FindingsFormat {
    Text,
    Short,
    Json,
    Sarif,
}

#[derive(Debug, clap::Args)]
pub(crate) struct CheckArgs {
    #[command(flatten)]
    pub(crate) stack: StackArgs,
    /// Warnings fail too, with exit 3
    #[arg(long)]
    pub(crate) strict: bool,
    /// How to show what is found
    #[arg(short, long, value_enum, default_value = "text")]
    pub(crate) output: FindingsFormat,
}

#[derive(Debug, clap::Args)]
pub(crate) struct FmtArgs {
    /// Files to lay out, or - for standard input [default: the stack]
    pub(crate) files: Vec<PathBuf>,
    /// Write nothing; exit 3 when something would change
    #[arg(long)]
    pub(crate) check: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct ExplainArgs {
    /// BLOCK, app.MODULE or app.MODULE.KNOB; nothing lists all blocks
    pub(crate) word: Option<String>,
    #[command(flatten)]
    pub(crate) stack: StackArgs,
}

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

/// How an apply is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ApplyFormat {
    Text,
    Json,
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

#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct RenderArgs {
    #[command(subcommand)]
    pub(crate) command: Option<RenderCommand>,
    #[command(flatten)]
    pub(crate) stack: StackArgs,
    /// Folder for one file per object [default: all to standard output]
    #[arg(long, value_name = "DIR")]
    pub(crate) to: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum RenderCommand {
    /// Write the least rights that plan and apply need for this stack, as roles and service accounts
    #[command(after_help = "Examples:
  stackctl render rbac | kubectl apply -f -
  stackctl render rbac > roles.yaml")]
    Rbac(StackArgs),
}

/// How a graph is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum GraphFormat {
    Mermaid,
    Dot,
    Json,
}

#[derive(Debug, clap::Args)]
pub(crate) struct GraphArgs {
    #[command(flatten)]
    pub(crate) stack: StackArgs,
    /// How to draw it
    #[arg(long, value_enum, default_value = "mermaid")]
    pub(crate) format: GraphFormat,
}

#[derive(Debug, clap::Args)]
pub(crate) struct ModuleArgs {
    #[command(subcommand)]
    pub(crate) command: ModuleCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ModuleCommand {
    /// Run the tests of modules: what each case's stack comes to, against its expected.yaml
    Test(ModuleTestArgs),
}

#[derive(Debug, clap::Args)]
pub(crate) struct ModuleTestArgs {
    /// Folders of modules, or of one module
    #[arg(default_value = "modules")]
    pub(crate) folders: Vec<PathBuf>,
    /// Write expected.yaml anew instead of comparing
    #[arg(long)]
    pub(crate) update: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct CompletionsArgs {
    /// The shell
    #[arg(value_enum)]
    pub(crate) shell: clap_complete::Shell,
}

fn duration(text: &str) -> Result<std::time::Duration, String> {
    let (number, unit) =
        text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()));
    let seconds = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 3600,
        _ => return Err("write a number and a unit: 90s, 10m, 1h".to_owned()),
    };
    let number: u64 =
        number.parse().map_err(|_| "write a number and a unit: 90s, 10m, 1h".to_owned())?;
    number
        .checked_mul(seconds)
        .map(std::time::Duration::from_secs)
        .ok_or_else(|| "that is too long".to_owned())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_arguments_are_consistent() {
        super::Args::command().debug_assert();
    }

    #[test]
    fn every_command_shows_examples() {
        for command in super::Args::command().get_subcommands() {
            assert!(command.get_after_help().is_some(), "{} has none", command.get_name());
        }
    }
}
