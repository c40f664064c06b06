//! A plan as it is published (`stackctl.plan/1`) and saved. Nobody can carry it out: what an executor needs
//! is not in it.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::{
    Action, ActionKind, Change, Consent, Cost, Finding, Operation, Origin, Outlook, Plan,
    ResourceId, Risk, Summary,
};

/// A plan to be read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PublishedPlan {
    /// [`PublishedPlan::FORMAT`].
    #[serde(skip_deserializing, default = "format")]
    pub format: &'static str,
    /// The stack's name.
    pub stack: String,
    /// Counts by kind of action.
    pub summary: Summary,
    /// What is to be done, sorted by id.
    pub actions: Vec<PublishedAction>,
    /// What no target can manage yet, sorted by id.
    #[serde(with = "crate::published_findings::remarks")]
    pub unmanaged: Vec<Finding>,
    /// What the stack needs and stackctl does not do, sorted by id: a person has to.
    #[serde(default, with = "crate::published_findings::remarks")]
    pub findings: Vec<Finding>,
    /// Whole sentences that concern no single action.
    #[serde(with = "crate::published_findings::notes")]
    pub notes: Vec<Finding>,
}

fn format() -> &'static str {
    PublishedPlan::FORMAT
}

impl PublishedPlan {
    /// The `format` of every plan this version makes.
    pub const FORMAT: &'static str = "stackctl.plan/1";
}

/// What a plan does to one resource, to be read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PublishedAction {
    /// The resource.
    pub id: ResourceId,
    /// What is done.
    pub action: ActionKind,
    /// Why, as part of a sentence.
    pub reason: String,
    /// What could be lost.
    pub risk: Risk,
    /// How it is done and what it does not reach, each a sentence. Empty where the action says it all.
    pub effects: Vec<String>,
    /// The app it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub app: Option<String>,
    /// The line that asks for it; none for what is no longer in the file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Origin>,
    /// Actions of this plan that come first.
    pub after: BTreeSet<ResourceId>,
    /// Each field that changes.
    pub changes: Vec<Change>,
    /// False where the server could not confirm it before something else exists.
    pub confirmed: bool,
    /// Why it will fail, as far as that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refused: Option<String>,
    /// Whether the data it could cost was named as what may be lost.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub allowed: bool,
}

impl From<&Plan> for PublishedPlan {
    fn from(plan: &Plan) -> Self {
        Self {
            format: Self::FORMAT,
            stack: plan.stack.clone(),
            summary: plan.summary,
            actions: plan.actions.iter().map(PublishedAction::from).collect(),
            unmanaged: plan.unmanaged.clone(),
            findings: plan.findings.clone(),
            notes: plan.notes.clone(),
        }
    }
}

impl From<&Action> for PublishedAction {
    fn from(action: &Action) -> Self {
        Self {
            id: action.id.clone(),
            action: action.kind(),
            reason: action.reason.clone(),
            risk: action.cost.risk(),
            effects: action.effects.clone(),
            app: action.app.clone(),
            source: action.source.clone(),
            after: action.after.clone(),
            changes: action.changes.clone(),
            confirmed: is_confirmed(action),
            refused: action.objection().map(str::to_owned),
            allowed: action.cost == Cost::Data(Consent::Given),
        }
    }
}

fn is_confirmed(action: &Action) -> bool {
    match &action.outlook {
        Outlook::Confirmed => true,
        Outlook::Unconfirmed => false,
        // Readers of stackctl.plan/1 know a creation that would be refused as one that is not confirmed.
        Outlook::Objected(_) => !matches!(action.operation, Operation::Create(_)),
    }
}
