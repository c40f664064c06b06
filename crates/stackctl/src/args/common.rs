//! What several commands share: which stack, where it is, which resources, how it is shown.

use std::path::PathBuf;

use clap::ValueEnum;
use stackctl_model::IdPattern;

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
    /// The ssh configuration for nodes [default: OpenSSH's own]
    #[arg(long, value_name = "FILE", env = "STACKCTL_SSH_CONFIG")]
    pub(crate) ssh_config: Option<PathBuf>,
    /// Leave nodes alone: they are neither looked at nor changed
    #[arg(long, env = "STACKCTL_WITHOUT_NODES",
          value_parser = clap::builder::FalseyValueParser::new())]
    pub(crate) without_nodes: bool,
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

/// How findings are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum FindingsFormat {
    Text,
    Short,
    Json,
    Sarif,
}

/// How an apply is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ApplyFormat {
    Text,
    Json,
}

pub(super) fn duration(text: &str) -> Result<std::time::Duration, String> {
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
