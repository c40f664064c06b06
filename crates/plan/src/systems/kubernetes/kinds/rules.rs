//! What is said of a kind: the columns of the table.

use serde_json::Value;
use stackctl_model::{Dependents, FieldPath, Live, ObjectId, ResourceId, Risk, Segment};

use super::readiness::{Readiness, ReadinessContext};

/// All that is known of one kind of object. Start from [`KindRules::plain`] and say what differs.
#[derive(Clone, Copy, Debug)]
pub struct KindRules {
    /// API group; empty for the core group.
    pub group: &'static str,
    /// Such as `PersistentVolumeClaim`.
    pub kind: &'static str,
    /// What its objects hold.
    pub data: Data,
    /// How an object is stopped that is kept for its data.
    pub stopping: Stopping,
    /// When its objects go, of all that goes.
    pub removal: Removal,
    /// What cannot be changed in place.
    pub immutable: Immutable,
    /// How an object is made anew when such a field changes, and what that costs.
    pub replacement: ReplaceRule,
    /// When an object is usable.
    pub readiness: Waiting,
    /// Where its pods are described: who changes a field there starts them anew.
    pub pod_template: Option<Prefix>,
    /// What of the cluster's own an object cannot do without.
    pub foundation: fn(&Value) -> Option<ResourceId>,
}

impl KindRules {
    /// A kind whose objects hold nothing, may change in every field, and are ready once they are written.
    pub(super) const fn plain(group: &'static str, kind: &'static str) -> Self {
        Self {
            group,
            kind,
            data: Data::Always(Holding::Nothing),
            stopping: Stopping::Never,
            removal: Removal::Support,
            immutable: Immutable::NOTHING,
            replacement: ReplaceRule::AWAY,
            readiness: Waiting::None,
            pod_template: None,
            foundation: nothing_needed,
        }
    }

    /// What this object holds.
    pub fn held(&self, object: &Value) -> Holding {
        match self.data {
            Data::Always(held) => held,
            Data::OfObject(held) => held(object),
        }
    }

    /// What a deletion of this object could cost.
    pub(crate) fn removal_risk(&self, object: &Value) -> Risk {
        match self.held(object) {
            Holding::Data | Holding::ThingsOfOthers | Holding::Unknown => Risk::Data,
            Holding::Nothing | Holding::RunsOnData | Holding::KeyToData => Risk::None,
        }
    }

    /// Whether its objects are watched until they are ready.
    pub fn is_awaited(&self) -> bool {
        match self.readiness {
            Waiting::None => false,
            Waiting::Until { .. } => true,
        }
    }

    /// What is asked besides the object to know whether it is ready.
    pub fn beside(&self) -> Beside {
        match self.readiness {
            Waiting::None => Beside::Nothing,
            Waiting::Until { beside, .. } => beside,
        }
    }
}

fn nothing_needed(_: &Value) -> Option<ResourceId> {
    None
}

/// What the objects of a kind hold.
#[derive(Clone, Copy, Debug)]
pub enum Data {
    /// The same, whatever they say.
    Always(Holding),
    /// For the object to say.
    OfObject(fn(&Value) -> Holding),
}

/// What goes when an object goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holding {
    /// Nothing that an apply does not bring back.
    Nothing,
    /// Data of its own: it is kept until it is named, and so is what of its app goes with it.
    Data,
    /// Objects that others put there: kept until it is named.
    ThingsOfOthers,
    /// It runs on its app's data: where that is kept, it is scaled to zero and kept too.
    RunsOnData,
    /// Keys that its app's data is of no use without: kept where that is.
    KeyToData,
    /// Nobody knows: kept as data is.
    Unknown,
}

/// How an object is stopped that is kept for its data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stopping {
    /// Not at all: it does not run, or an operator of its own does that.
    Never,
    /// Its `spec.replicas` become zero.
    Replicas,
}

/// When an object is deleted: what depends on others goes before them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Removal {
    /// What sends work to others: routes, jobs, monitors.
    Front,
    /// What runs.
    Workload,
    /// What workloads use, and all that nothing hangs on.
    Support,
    /// Storage of workloads.
    Claim,
    /// What claims and routes stand on.
    Foundation,
    /// What those name in turn: classes of gateways, drivers of storage.
    Driver,
    /// What makes a kind: its objects would go with it.
    Definition,
    /// What all the others are in.
    Namespace,
}

/// A field and all below it, by the names on the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Prefix(pub &'static [&'static str]);

impl Prefix {
    /// Whether a path is this field or lies below it.
    pub fn holds(self, path: &FieldPath) -> bool {
        let mut segments = path.0.iter();
        self.0.iter().all(
            |name| matches!(segments.next(), Some(Segment::Field(field)) if field.as_str() == *name),
        )
    }

    /// The value there; JSON `null` where there is none.
    pub fn of(self, object: &Value) -> &Value {
        self.0.iter().fold(object, |here, name| &here[*name])
    }
}

/// Fields that the server takes no change of.
#[derive(Clone, Copy, Debug)]
pub struct Immutable {
    /// These and all below them.
    pub fields: &'static [Prefix],
    /// But not these.
    pub except: &'static [Prefix],
}

impl Immutable {
    pub(super) const NOTHING: Self = Self { fields: &[], except: &[] };

    /// These fields and all below them.
    pub(super) const fn fields(fields: &'static [Prefix]) -> Self {
        Self { fields, except: &[] }
    }

    /// All of the `spec` but these.
    pub(super) const fn spec_but(except: &'static [Prefix]) -> Self {
        Self { fields: &[Prefix(&["spec"])], except }
    }

    /// Whether a field cannot be changed in place.
    pub(crate) fn has(&self, path: &FieldPath) -> bool {
        let is_under = |prefixes: &[Prefix]| prefixes.iter().any(|prefix| prefix.holds(path));
        is_under(self.fields) && !is_under(self.except)
    }
}

/// How an object is made anew.
#[derive(Clone, Copy, Debug)]
pub struct ReplaceRule {
    /// What it could cost.
    pub risk: Risk,
    /// The same in words.
    pub effect: ReplacementEffect,
    /// What becomes of what the object owns while it is away.
    pub dependents: Dependents,
}

/// What comes of making an object anew, in words.
#[derive(Clone, Copy, Debug)]
pub enum ReplacementEffect {
    /// The same for each.
    Always(&'static str),
    /// Dependent on what else is live.
    Seen(fn(&ObjectId, &Live) -> String),
}

impl ReplacementEffect {
    pub(crate) fn words(self, id: &ObjectId, live: &Live) -> String {
        match self {
            Self::Always(words) => words.to_owned(),
            Self::Seen(words) => words(id, live),
        }
    }
}

impl ReplaceRule {
    pub(super) const AWAY: Self =
        Self::always(Risk::Disruption, "deleted and made anew; it is away in between");

    pub(super) const fn always(risk: Risk, words: &'static str) -> Self {
        Self { risk, effect: ReplacementEffect::Always(words), dependents: Dependents::GoWithIt }
    }
}

/// What is waited for once an object is written.
#[derive(Clone, Copy, Debug)]
pub enum Waiting {
    /// Nothing: it is ready when it is written.
    None,
    /// Its readiness: it is watched until this says so.
    Until {
        /// How far an object is.
        readiness: fn(&Value, ReadinessContext) -> Readiness,
        /// What else has to be asked, since the object does not say it.
        beside: Beside,
    },
}

impl Waiting {
    /// Until this says so, from the object alone.
    pub(super) const fn until(readiness: fn(&Value, ReadinessContext) -> Readiness) -> Self {
        Self::Until { readiness, beside: Beside::Nothing }
    }
}

/// What readiness depends on besides the object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Beside {
    /// Nothing.
    Nothing,
    /// When its storage class binds claims.
    StorageClass,
    /// Whether the listeners of its gateways have attached it.
    Gateways,
}
