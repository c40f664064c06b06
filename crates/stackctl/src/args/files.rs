//! Commands on files alone.

use std::path::PathBuf;

use clap::{Subcommand, ValueEnum};

use super::common::{FindingsFormat, StackArgs};

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
    /// Write what nodes are asked for as modules of NixOS
    #[command(after_help = "Examples:
  stackctl render nixos                      all nodes that say system=nixos
  stackctl render nixos nuc-03 > stackctl.nix")]
    Nixos(RenderNodesArgs),
    /// Write what nodes are asked for as patches of Talos' machine configuration
    #[command(after_help = "Examples:
  stackctl render talos                      all nodes that say system=talos
  stackctl render talos nuc-04 > nuc-04.yaml
  talosctl patch machineconfig --nodes 10.0.0.14 --patch @nuc-04.yaml")]
    Talos(RenderNodesArgs),
}

#[derive(Debug, clap::Args)]
pub(crate) struct RenderNodesArgs {
    /// Names of nodes [default: all that run such a system]
    pub(crate) nodes: Vec<String>,
    #[command(flatten)]
    pub(crate) stack: StackArgs,
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
