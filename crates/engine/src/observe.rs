//! From resources to a plan: looks at the target, previews what differs, compares.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use futures::future::BoxFuture;
use futures::{FutureExt, StreamExt, TryStreamExt, stream};
use stackctl_model::{
    Desired, Diagnosis, FieldRule, Finding, IdPattern, Live, Plan, Preview, Reach, Resource,
    ResourceId, SecretSource, SecretValue,
};
use stackctl_plan::{Digests, Goal, Prepared, Request, StackMark};

use crate::secrets::{SecretError, SecretReader};
use crate::{
    Cluster, EngineError, Masks, Observation, SecretData, TargetError, Targets, machines, retry,
};

/// What to plan.
#[derive(Clone, Debug)]
pub struct PlanOptions {
    /// Whose resources these are.
    pub mark: StackMark,
    /// Apply or destroy.
    pub goal: Goal,
    /// Only these and what they need.
    pub only: Vec<IdPattern>,
    /// All but these and what needs them.
    pub except: Vec<IdPattern>,
    /// Resources whose data may be lost.
    pub allow_data_loss: Vec<IdPattern>,
    /// What to do about fields that others have written; the first that fits holds.
    pub ownership: Vec<FieldRule>,
    /// The stack's machines and how they are reached.
    pub machines: BTreeMap<String, Reach>,
    /// Whether to count the use of inotify on them.
    pub inotify: bool,
    /// Whether the plan is to be carried out at once: missing rights are then an error.
    pub writes: bool,
    /// Where relative paths of secrets start.
    pub folder: PathBuf,
    /// What hides the values that are read.
    pub masks: Masks,
}

impl PlanOptions {
    /// All of a goal, for a stack in the folder where this runs.
    pub fn new(mark: StackMark, goal: Goal) -> Self {
        Self {
            mark,
            goal,
            only: Vec::new(),
            except: Vec::new(),
            allow_data_loss: Vec::new(),
            ownership: Vec::new(),
            machines: BTreeMap::new(),
            inotify: false,
            writes: false,
            folder: PathBuf::from("."),
            masks: Masks::default(),
        }
    }
}

/// A plan, and what is needed to carry it out.
#[derive(Debug)]
pub struct Planned {
    /// What will be done.
    pub plan: Plan,
    /// What was looked at.
    pub observation: Observation,
    /// The stack's own namespace, where the stack declares it: it is needed before the stack's record.
    pub(crate) namespace: Option<Desired>,
    /// Remembers what planning has read.
    pub(crate) reader: Arc<SecretReader>,
    /// All that is asked for, to be recorded.
    pub(crate) resources: Vec<Resource>,
    /// What was seen.
    pub(crate) live: Live,
}

impl Planned {
    /// A plan made elsewhere. Relative paths of secrets start at `folder`.
    pub fn new(
        plan: Plan,
        observation: Observation,
        namespace: Option<Desired>,
        folder: &Path,
    ) -> Self {
        let reader = Arc::new(SecretReader::new(folder));
        Self { plan, observation, namespace, reader, resources: Vec::new(), live: Live::default() }
    }

    /// What would make the stack fail: what was seen, and what it builds on.
    pub async fn diagnosis(&self, cluster: &dyn Cluster) -> Result<Diagnosis, EngineError> {
        let mut missing = stackctl_plan::lints::foundations(&self.resources);
        for id in missing.keys().cloned().collect::<Vec<_>>() {
            let Some(object) = id.as_object() else { continue };
            if retry::look(|| cluster.has(object)).await.map_err(EngineError::Observe)? {
                missing.remove(&id);
            }
        }
        Ok(stackctl_plan::diagnose(&stackctl_plan::lints::Seen {
            plan: &self.plan,
            live: &self.live,
            resources: &self.resources,
            missing: &missing,
        }))
    }

    /// The same, made after this apply.
    #[must_use]
    pub fn after(mut self, generation: u64) -> Self {
        self.live.generation = generation;
        self
    }
}

/// What tells a cluster from every other.
pub async fn identity(cluster: &dyn Cluster) -> Result<String, EngineError> {
    retry::look(|| cluster.identity()).await.map_err(EngineError::Observe)
}

/// Looks at the target and plans. Reads, and asks for previews; writes nothing.
pub async fn plan(
    targets: &Targets,
    resources: Vec<Resource>,
    options: &PlanOptions,
) -> Result<Planned, EngineError> {
    let cluster = targets.cluster.as_ref();
    let mut observation = observation(&resources, options);
    observation.retired = options.goal.is_about_retired();
    let reader = SecretReader::new(options.folder.clone()).hidden_by(options.masks.clone());
    let reader = Arc::new(reader);
    let failed = match options.goal {
        Goal::Apply => reader.read_ahead(sources(&resources)).await,
        // What is taken down or taken back needs no values.
        Goal::Destroy | Goal::Purge | Goal::Undo => BTreeMap::new(),
    };
    let declared = machines::declared(&resources, options);
    let prepared = request(cluster, &reader, resources, options).prepare()?;
    let asked = machines::asked(&prepared, &declared, options);
    let observed = retry::look(|| cluster.observe(&observation));
    let (observed, seen) = tokio::join!(observed, targets.machines.look(&asked));
    let mut live = observed.map_err(EngineError::Observe)?;
    live.machines.seen = seen;
    observation.machines = machines::add_left(targets, &mut live, declared, options).await;
    let prepared = prepared.informed(&live);
    let previews = preview(cluster, &prepared, &live, &reader).await?;
    if options.writes {
        has_rights(&previews)?;
    }
    let namespace = own_namespace(&prepared);
    let notes = unread(&prepared, &failed);
    let mut plan = prepared.plan(&live, &previews);
    plan.notes.extend(notes);
    for namespace in stackctl_plan::doomed(&plan) {
        let found = retry::look(|| cluster.inhabitants(&namespace)).await;
        let found = found.map_err(EngineError::Observe)?;
        stackctl_plan::judge(&mut plan, &namespace, &observation.mark, &found);
    }
    let resources = match options.goal {
        Goal::Apply => prepared.into_resources(),
        Goal::Destroy | Goal::Purge | Goal::Undo => Vec::new(),
    };
    Ok(Planned { plan, observation, namespace, reader, resources, live })
}

fn observation(resources: &[Resource], options: &PlanOptions) -> Observation {
    let mut observation = Observation::of(&options.mark);
    for resource in resources {
        if let Desired::Object(object) = &resource.desired {
            observation.kinds.extend(object.group_version_kind());
        }
        let namespace = resource.id.as_object().and_then(|id| id.namespace.as_ref());
        if let Some(namespace) = namespace.filter(|name| !observation.namespaces.contains(*name)) {
            observation.namespaces.insert(namespace.clone());
        }
    }
    observation.namespaces.insert(options.mark.namespace.clone());
    observation
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

fn is_generated(source: &SecretSource) -> bool {
    match source {
        SecretSource::Generate { .. } => true,
        SecretSource::Env(_)
        | SecretSource::File(_)
        | SecretSource::Sops { .. }
        | SecretSource::Unrecorded
        | SecretSource::Exec(_) => false,
    }
}

fn sources(resources: &[Resource]) -> BTreeSet<SecretSource> {
    let holes = resources.iter().flat_map(|resource| holes(&resource.desired));
    holes.map(|(_, source)| source).filter(|source| !is_generated(source)).cloned().collect()
}

fn request(
    cluster: &dyn Cluster,
    reader: &SecretReader,
    resources: Vec<Resource>,
    options: &PlanOptions,
) -> Request {
    let mut digests = Digests::new();
    for resource in &resources {
        let mut of_one: BTreeMap<_, _> = holes(&resource.desired)
            .map(|(key, source)| {
                let digest = reader.known(source).map(|value| cluster.digest(&value));
                (key.clone(), digest)
            })
            .collect();
        of_one.extend(
            literals(resource).map(|(key, value)| (key.clone(), Some(cluster.digest(&value)))),
        );
        if !of_one.is_empty() {
            digests.insert(resource.id.clone(), of_one);
        }
    }
    Request {
        mark: options.mark.clone(),
        resources,
        goal: options.goal,
        only: options.only.clone(),
        except: options.except.clone(),
        allow_data_loss: options.allow_data_loss.clone(),
        ownership: options.ownership.clone(),
        digests,
    }
}

async fn preview(
    cluster: &dyn Cluster,
    prepared: &Prepared,
    live: &Live,
    reader: &SecretReader,
) -> Result<BTreeMap<ResourceId, Preview>, EngineError> {
    let batch: Vec<(&Resource, SecretData)> = prepared
        .to_preview(live)
        .into_iter()
        .map(|resource| (resource, readable(reader, &resource.desired)))
        .collect();
    // One by one, so that a crowded target is asked again for one object and not for all.
    let asked: Vec<BoxFuture<'_, _>> =
        batch.chunks(1).map(|one| retry::look(|| cluster.preview(one)).boxed()).collect();
    let asked = stream::iter(asked).buffer_unordered(cluster.limit().max(1));
    let previews: Vec<BTreeMap<_, _>> = asked.try_collect().await.map_err(EngineError::Preview)?;
    Ok(previews.into_iter().flatten().collect())
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
        if is_generated(source) { reader.read(source).ok() } else { reader.known(source) }
    };
    holes(desired).filter_map(|(key, source)| Some((key.clone(), value(source)?))).collect()
}

fn own_namespace(prepared: &Prepared) -> Option<Desired> {
    let name = prepared.mark().namespace.clone();
    let id = ResourceId::object("", "Namespace", None, name);
    let found = prepared.resources().find(|resource| resource.id == id);
    found.map(|resource| resource.desired.clone())
}

/// What could not be read, said once for each hole; it is read for good before anything is written.
fn unread(prepared: &Prepared, failed: &BTreeMap<SecretSource, SecretError>) -> Vec<Finding> {
    let mut notes = Vec::new();
    for resource in prepared.resources() {
        for (key, source) in holes(&resource.desired) {
            if let Some(error) = failed.get(source) {
                let message = format!(
                    "{} needs a value for {key}, but {error}; a changed value is not seen, and \
                     an apply that writes it will stop before anything is written.",
                    resource.id
                );
                notes.push(Finding::note("unread-secret", message).about(resource.id.clone()));
            }
        }
    }
    notes
}
