//! From resources to a plan: looks at what is live, previews what differs, compares.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use stackctl_model::{Desired, Plan, Preview, Resource, ResourceId, SecretSource, SecretValue};
use stackctl_plan::{Digests, Goal, Planner, Request};

use crate::secrets::{SecretError, SecretReader};
use crate::{
    EngineError, Ledger, PlanOptions, Planned, SecretData, TargetError, Targets, look, retry,
};

/// What tells the place of a stack's record from every other.
pub async fn identity(ledger: &dyn Ledger) -> Result<String, EngineError> {
    retry::look(|| ledger.identity()).await.map_err(EngineError::Observe)
}

/// Looks at all targets and plans. Reads, and asks for previews; writes nothing.
pub async fn plan(
    targets: &Targets,
    resources: Vec<Resource>,
    options: &PlanOptions,
) -> Result<Planned, EngineError> {
    let reader = SecretReader::new(options.folder.clone()).hidden_by(options.masks.clone());
    let reader = Arc::new(reader);
    let secrets =
        read_ahead(targets.ledger.as_ref(), &reader, &resources, options.scope.goal).await;
    let planner = request(resources, options, secrets).prepare()?;
    let live = look::look(targets, &planner).await?;
    let planner = planner.informed(&live);
    let compared = planner.compare(&live);
    let to_preview = compared.to_preview().into_iter();
    let batch = to_preview.map(|resource| (resource, readable(&reader, &resource.desired)));
    let previews = look::preview(targets, batch.collect()).await?;
    if options.writes {
        has_rights(&previews)?;
    }
    let plan: Plan = compared.plan(&previews);
    let record = planner.record(&live);
    let namespace = own_namespace(&planner);
    let resources = match options.scope.goal {
        Goal::Apply => planner.into_resources(),
        Goal::Destroy | Goal::Purge | Goal::Undo => Vec::new(),
    };
    let mark = options.mark.clone();
    Ok(Planned { plan, mark, record, namespace, reader, resources, live })
}

/// What is known of secret values before anything is compared.
struct ReadAhead {
    digests: Digests,
    unreadable: BTreeMap<SecretSource, SecretError>,
}

async fn read_ahead(
    ledger: &dyn Ledger,
    reader: &Arc<SecretReader>,
    resources: &[Resource],
    goal: Goal,
) -> ReadAhead {
    let unreadable = match goal {
        Goal::Apply => reader.read_ahead(sources(resources)).await,
        // What is taken down or taken back needs no values.
        Goal::Destroy | Goal::Purge | Goal::Undo => BTreeMap::new(),
    };
    ReadAhead { digests: digests(ledger, reader, resources), unreadable }
}

fn request(resources: Vec<Resource>, options: &PlanOptions, secrets: ReadAhead) -> Request {
    let unreadable = secrets.unreadable.into_iter();
    Request {
        mark: options.mark.clone(),
        resources,
        scope: options.scope.clone(),
        ownership: options.ownership.clone(),
        digests: secrets.digests,
        unreadable: unreadable.map(|(from, why)| (from, why.to_string())).collect(),
        machines: options.machines.clone(),
        diagnoses: options.diagnoses,
    }
}

/// Where each hole's value comes from.
fn holes(desired: &Desired) -> impl Iterator<Item = (&String, &SecretSource)> {
    match desired {
        Desired::Object(object) => Some(&object.secrets),
        Desired::Setting(_) | Desired::OnNode(_) => None,
    }
    .into_iter()
    .flatten()
}

/// Values that the Secret of a manifest holds itself.
fn literals(resource: &Resource) -> impl Iterator<Item = (&String, SecretValue)> {
    let data = match &resource.desired {
        Desired::Object(object) if resource.id.is_kind("", "Secret") => {
            object.value["data"].as_object()
        }
        Desired::Object(_) | Desired::Setting(_) | Desired::OnNode(_) => None,
    };
    data.into_iter().flatten().map(|(key, value)| {
        let text = value.as_str().unwrap_or_default();
        let bytes = BASE64_STANDARD.decode(text).unwrap_or_else(|_| text.as_bytes().to_vec());
        (key, SecretValue::new(bytes))
    })
}

fn sources(resources: &[Resource]) -> BTreeSet<SecretSource> {
    let holes = resources.iter().flat_map(|resource| holes(&resource.desired));
    holes.map(|(_, source)| source).filter(|source| !source.is_generated()).cloned().collect()
}

fn digests(ledger: &dyn Ledger, reader: &SecretReader, resources: &[Resource]) -> Digests {
    let mut digests = Digests::new();
    for resource in resources {
        let mut of_one: BTreeMap<_, _> = holes(&resource.desired)
            .map(|(key, source)| {
                let digest = reader.known(source).map(|value| ledger.digest(&value));
                (key.clone(), digest)
            })
            .collect();
        of_one.extend(
            literals(resource).map(|(key, value)| (key.clone(), Some(ledger.digest(&value)))),
        );
        if !of_one.is_empty() {
            digests.insert(resource.id.clone(), of_one);
        }
    }
    digests
}

/// Refuses to begin what cannot be ended for want of a right.
fn has_rights(previews: &BTreeMap<ResourceId, Preview>) -> Result<(), EngineError> {
    let missing = previews.values().find_map(|preview| match preview {
        Preview::Unasked(right) => Some(right.clone()),
        Preview::Object(_)
        | Preview::Existing { .. }
        | Preview::Unconfirmed(_)
        | Preview::Refused(_) => None,
    });
    let hint = "ask for that right (stackctl render rbac lists all), or choose another --context";
    missing.map_or(Ok(()), |message| {
        Err(EngineError::Preview(TargetError::Unreachable { message, hint: hint.to_owned() }))
    })
}

/// The values that could be read; the others are left out of a preview.
fn readable(reader: &SecretReader, desired: &Desired) -> SecretData {
    let value = |source: &SecretSource| {
        if source.is_generated() { reader.read(source).ok() } else { reader.known(source) }
    };
    holes(desired).filter_map(|(key, source)| Some((key.clone(), value(source)?))).collect()
}

fn own_namespace(planner: &Planner) -> Option<Desired> {
    let name = planner.mark().namespace.clone();
    let id = ResourceId::object("", "Namespace", None, name);
    let found = planner.resources().find(|resource| resource.id == id);
    found.map(|resource| resource.desired.clone())
}
