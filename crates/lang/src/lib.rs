//! Text to [`Stack`]: reads the files of a stack and of its modules, checks every word against its
//! declaration, and says all that is wrong in one run.
//!
//! In: paths and a [`Files`]. Out: [`Stack`], [`Module`] and findings. Nothing here touches the disk itself.

mod blocks;
mod check;
mod codes;
mod declare;
mod effects;
mod format;
mod module;
mod names;
mod read;
mod secrecy;
mod silence;
mod source;
mod stack;
mod syntax;
mod types;
mod value;
mod written;

pub use source::{FileError, Files, Source, Sources};

pub use value::{Block, Value};

pub use declare::{Knob, Shape, Type};

pub use effects::{Effects, EnvVariable, SecretKeys, Wire};

pub use types::{Duration, NfsExport, Percent, Url};

pub use check::{check_block, check_blocks};

pub use names::Names;

pub use blocks::alerts::{Alerts, StorageAlert, TranscodingAlert};
pub use blocks::app::{App, Layer, LayerKind};
pub use blocks::auth::Auth;
pub use blocks::backup::{Backup, BackupTarget};
pub use blocks::cluster::Cluster;
pub use blocks::gateway::{Gateway, Listener};
pub use blocks::gpu::Gpu;
pub use blocks::manifest::Manifest;
pub use blocks::node::{Node, Taint};
pub use blocks::secret::SecretBlock;
pub use blocks::storage_class::{Reclaim, StorageClass};
pub use blocks::volume::{Access, Volume};

pub use silence::Silence;

pub use stack::{Stack, top_level};

pub use module::{Module, Template};

pub use read::{in_order, read_module, read_stack};

pub use format::format;
