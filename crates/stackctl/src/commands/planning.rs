//! What plan, diff, apply and destroy share: read, choose the target, plan.

use std::sync::Arc;

use stackctl_engine::{PlanOptions, Planned, Target};
use stackctl_model::{IdPattern, Plan};
use stackctl_plan::{Goal, StackMark};
use stackctl_view::Style;

use crate::args::{PlanFormat, PlanningArgs};
use crate::error::Error;
use crate::exit::Exit;
use crate::terminal::Terminal;
use crate::{locate, stack, target};

/// A plan and the target it is for.
pub(crate) struct Ready {
    pub(crate) planned: Planned,
    pub(crate) target: Arc<dyn Target>,
    /// How people call the target.
    pub(crate) target_name: String,
}

/// Reads the stack, looks at the target and plans.
pub(crate) async fn plan(
    args: &PlanningArgs,
    goal: Goal,
    allow_data_loss: &[IdPattern],
    terminal: &mut Terminal,
) -> Result<Ready, Error> {
    let sound = stack::sound(&args.stack, terminal)?;
    let chosen = target::choose(&args.target, &sound).await?;
    let options = PlanOptions {
        mark: StackMark {
            name: sound.stack.name.value.clone(),
            namespace: sound.stack.namespace.value.clone(),
        },
        goal,
        only: args.select.only.clone(),
        except: args.select.except.clone(),
        allow_data_loss: allow_data_loss.to_vec(),
        folder: locate::folder(&sound.path),
    };
    let planned = stackctl_engine::plan(chosen.target.as_ref(), sound.resources, &options)
        .await
        .map_err(Error::Engine)?;
    Ok(Ready { planned, target: chosen.target, target_name: chosen.name })
}

/// Runs a command's asynchronous part.
pub(crate) fn block_on<T>(work: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    stackctl_kubernetes::install_crypto();
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|source| Error::Io { what: "the runtime cannot start".to_owned(), source })?
        .block_on(work)
}

/// A plan in one of its forms; `text` writes the text form.
pub(crate) fn shown(
    plan: &Plan,
    format: PlanFormat,
    style: Style,
    text: fn(&Plan, Style, &mut dyn std::fmt::Write) -> std::fmt::Result,
) -> String {
    match format {
        PlanFormat::Json => stackctl_view::plan_json(plan),
        PlanFormat::Markdown => stackctl_view::plan_markdown(plan, MARKDOWN_LIMIT),
        PlanFormat::Text => {
            let mut out = String::new();
            text(plan, style, &mut out).expect("writing to a String cannot fail");
            out
        }
    }
}

/// A comment on a pull request may have 65,536 characters.
const MARKDOWN_LIMIT: usize = 65_000;

/// 0, or 2 when there are changes and the user asked to be told.
pub(crate) fn exit(plan: &Plan, detailed: bool) -> Exit {
    if detailed && !plan.actions.is_empty() { Exit::Changes } else { Exit::Success }
}
