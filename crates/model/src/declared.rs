//! What a stack declares and its objects do not say: lints judge by it. Places are kept both ways, so that
//! `check` can underline them and what is read later can name their lines.

use crate::{Origin, Spot};

/// What lints may know of a stack beside its resources.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Declared {
    /// Storage classes.
    pub classes: Vec<DeclaredClass>,
    /// Classes of the GPUs that nodes offer, in the order of the file.
    pub gpus: Vec<String>,
    /// Apps that ask for a GPU.
    pub gpu_requests: Vec<GpuRequest>,
    /// Ways in.
    pub gateways: Vec<DeclaredGateway>,
    /// Apps that are reached from outside.
    pub exposures: Vec<Exposure>,
    /// Volumes that apps have of their own.
    pub volumes: Vec<AppVolume>,
    /// Lints that the stack has turned off.
    pub silences: Vec<Silence>,
}

/// A value and where it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// As it was written.
    pub text: String,
    /// Where.
    pub at: Spot,
}

/// `storage-class longhorn budget="100Gi" default=#true`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeclaredClass {
    /// Its name.
    pub name: Written,
    /// How much its volumes may ask for in all; a quantity.
    pub budget: Option<Written>,
    /// Whether claims that name no class get this one.
    pub is_default: bool,
}

/// `gpu intel` in an app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GpuRequest {
    /// The app.
    pub app: String,
    /// What nodes call it.
    pub class: Written,
}

/// A gateway and the hosts its listeners take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeclaredGateway {
    /// Its name.
    pub name: String,
    /// Its block.
    pub at: Spot,
    /// Perhaps with `*.` in front.
    pub hosts: Vec<String>,
}

/// `expose` of an app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exposure {
    /// The app.
    pub app: String,
    /// The gateway it is reached through.
    pub gateway: String,
    /// Its host name.
    pub host: String,
    /// Only paths that begin so.
    pub path: String,
    /// Where it was said.
    pub at: Spot,
}

/// `volume config "10Gi" access=ReadWriteMany` of an app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppVolume {
    /// The app.
    pub app: String,
    /// Its name.
    pub name: String,
    /// What it is said to hold.
    pub holds: Option<Holds>,
    /// Who may mount it at once.
    pub access: Option<Written>,
    /// An export instead of a claim.
    pub nfs: Option<Written>,
}

/// What the module of an app says is in a volume.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// An `SQLite` database, whose locks need a file system of one machine.
    Sqlite,
}

/// `lint CODE #false`: the lint is not said of what stands in the block around it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Silence {
    /// The lint's code.
    pub code: Written,
    /// The block it stands in; the whole stack where it is the `stack` block.
    pub block: Option<Lines>,
}

/// Some lines of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lines {
    /// Path of the file as the user named it.
    pub file: String,
    /// The first, from 1.
    pub first: usize,
    /// The last.
    pub last: usize,
}

impl Silence {
    /// Whether a place is in the block it stands in.
    pub fn covers(&self, place: &Origin) -> bool {
        self.block.as_ref().is_none_or(|lines| {
            lines.file == place.file && (lines.first..=lines.last).contains(&place.line)
        })
    }
}
