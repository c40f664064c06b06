//! What plan, diff, apply and destroy share: read, choose the target, plan.

use std::collections::BTreeMap;
use std::path::PathBuf;

use stackctl_engine::{DigestKey, PlanOptions, Planned, Targets};
use stackctl_model::{Declared, Plan, PublishedPlan, Reach, Resource};
use stackctl_plan::{Goal, PlanScope, StackMark};
use stackctl_view::Style;

use crate::args::{AllowArgs, PlaceArgs, PlanFormat, SelectArgs};
use crate::error::Error;
use crate::exit::Exit;
use crate::stack::Sound;
use crate::target::{self, Chosen};
use crate::terminal::Terminal;
use crate::text_digests::text_digests;
use crate::{locate, stack};

/// A plan and the target it is for.
pub(crate) struct PlannedStack {
    pub(crate) planned: Planned,
    /// What the stack declares beside its resources.
    pub(crate) declared: Declared,
    pub(crate) targets: Targets,
    /// How people call the target.
    pub(crate) target_name: String,
    /// Where the stack is.
    pub(crate) folder: PathBuf,
    /// What tells the target from every other; empty where no saved plan is involved.
    pub(crate) identity: String,
    /// A digest of every text of the stack; empty where no saved plan is involved.
    pub(crate) sources: BTreeMap<String, String>,
}

/// What to plan for.
pub(crate) struct PlanPurpose {
    /// The goal, and to what it is limited.
    pub(crate) scope: PlanScope,
    /// The key of saved plans, where one is involved.
    pub(crate) key: Option<DigestKey>,
    /// Whether the plan is to be carried out at once.
    pub(crate) writes: bool,
    /// Whether what would make the stack fail is looked for too.
    pub(crate) diagnoses: bool,
    /// What is asked for instead of what the file says.
    pub(crate) resources: Option<Vec<Resource>>,
}

impl PlanPurpose {
    /// A plan for now; nothing is saved.
    pub(crate) fn now(scope: PlanScope) -> Self {
        Self { scope, key: None, writes: false, diagnoses: false, resources: None }
    }
}

/// What arguments limit a goal to.
pub(crate) fn scope(goal: Goal, select: &SelectArgs, allow: &AllowArgs) -> PlanScope {
    PlanScope {
        goal,
        only: select.only.clone(),
        except: select.except.clone(),
        allow_data_loss: allow.allow_data_loss.clone(),
        allow_mass_removal: allow.allow_mass_removal,
    }
}

/// A stack and the target it is for.
pub(crate) struct TargetedStack {
    pub(crate) sound: Sound,
    pub(crate) chosen: Chosen,
}

impl TargetedStack {
    /// Reads the stack and chooses its target.
    pub(crate) async fn find(
        args: &PlaceArgs,
        key: Option<DigestKey>,
        terminal: &mut Terminal,
    ) -> Result<Self, Error> {
        let sound = stack::sound(&args.stack, terminal)?;
        let chosen = target::choose(&args.target, &sound, key).await?;
        Ok(Self { sound, chosen })
    }

    /// The stack's machines.
    fn machines(&self) -> BTreeMap<String, Reach> {
        let nodes = self.sound.stack.nodes.iter();
        nodes.map(|node| (node.name.value.clone(), node.reach.clone())).collect()
    }

    /// The stack's identity in its target.
    pub(crate) fn mark(&self) -> StackMark {
        StackMark {
            name: self.sound.stack.name.value.clone(),
            namespace: self.sound.stack.namespace.value.clone(),
        }
    }
}

/// Reads the stack, looks at the target and plans.
pub(crate) async fn plan(
    args: &PlaceArgs,
    purpose: PlanPurpose,
    terminal: &mut Terminal,
) -> Result<PlannedStack, Error> {
    let is_saved = purpose.key.is_some();
    let mut place = TargetedStack::find(args, purpose.key, terminal).await?;
    let resources = match purpose.resources {
        Some(resources) => resources,
        None => std::mem::take(&mut place.sound.resources),
    };
    let identity = if is_saved {
        let asked = stackctl_engine::identity(place.chosen.targets.ledger.as_ref()).await;
        asked.map_err(Error::Engine)?
    } else {
        String::new()
    };
    let folder = locate::folder(&place.sound.path);
    let goal = purpose.scope.goal;
    let options = PlanOptions {
        scope: purpose.scope,
        ownership: place.sound.stack.ownership.clone(),
        machines: place.machines(),
        diagnoses: purpose.diagnoses,
        writes: purpose.writes,
        folder: folder.clone(),
        masks: terminal.masks(),
        ..PlanOptions::new(place.mark(), goal)
    };
    let sources = if is_saved {
        text_digests(&place.sound.sources, &place.sound.path)
    } else {
        BTreeMap::new()
    };
    let planned = stackctl_engine::plan(&place.chosen.targets, resources, &options)
        .await
        .map_err(Error::Engine)?;
    let Chosen { targets, name: target_name } = place.chosen;
    Ok(PlannedStack {
        planned,
        declared: place.sound.declared,
        targets,
        target_name,
        folder,
        identity,
        sources,
    })
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
    plan: &PublishedPlan,
    format: PlanFormat,
    style: Style,
    text: fn(&PublishedPlan, Style, &mut dyn std::fmt::Write) -> std::fmt::Result,
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
