//! The arguments of every command.

mod common;
mod files;
mod keep;
mod plan;

use clap::{Parser, Subcommand, ValueEnum};

pub(crate) use common::{
    AllowArgs, ApplyFormat, FindingsFormat, PlaceArgs, PlanFormat, SelectArgs, StackArgs,
    TargetArgs,
};
pub(crate) use files::{
    CheckArgs, CompletionsArgs, ExplainArgs, FmtArgs, GraphArgs, GraphFormat, InitArgs, ModuleArgs,
    ModuleCommand, ModuleTestArgs, RenderArgs, RenderCommand, RenderNodesArgs,
};
pub(crate) use keep::{
    HistoryArgs, HistoryCommand, HistoryDiffArgs, NamedArgs, RetiredArgs, RollbackArgs, UnlockArgs,
};
pub(crate) use plan::{ApplyArgs, DestroyArgs, DiffArgs, DoctorArgs, PlanArgs, ShowArgs, WorkArgs};

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
    /// Look at nodes and cluster, and say what would make the stack fail; nothing is written
    #[command(after_help = "Examples:
  stackctl doctor                the worst first; exit 3 when something would fail
  stackctl doctor -o json")]
    Doctor(DoctorArgs),
    /// Write the plain manifests the stack comes to
    #[command(after_help = "Examples:
  stackctl render                to standard output
  stackctl render --to manifests one file per object, stable names
  stackctl render rbac           the least rights for plan and apply
  stackctl render nixos          what nodes with NixOS are asked for, as modules of it
  stackctl render talos          the same, as patches of Talos' machine configuration")]
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
