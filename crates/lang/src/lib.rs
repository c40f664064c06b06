//! Text to [`Stack`]: reads the files of a stack and of its modules, checks every word against its
//! declaration, and says all that is wrong in one run.
//!
//! In: paths and a [`Files`]. Out: [`Stack`], [`Module`] and findings. Nothing here touches the disk itself.

mod blocks;
mod check;
mod declare;
mod format;
mod module;
mod names;
mod read;
mod source;
mod stack;
mod syntax;
mod types;
mod value;

pub use source::{FileError, Files, Source, Sources};

pub use value::{Block, Value};

pub use declare::{Knob, ReferenceKind, Shape, Type};

pub use blocks::top_level;

pub use check::{check_block, check_blocks};

pub use names::Names;

pub use stack::{
    App, Auth, Cluster, Gateway, Gpu, Layer, LayerKind, Listener, Manifest, NamedBlock, Node,
    NodeSet, SecretBlock, Stack, StorageClass, Sysctl, Volume,
};

pub use module::{Module, Template};

pub use read::{in_order, read_module, read_stack};

pub use format::format;
