//! Text to [`Stack`]: reads the files of a stack and of its modules, checks every word against its
//! declaration, and says all that is wrong in one run.
//!
//! In: paths and a [`Files`]. Out: [`Stack`], [`Module`] and findings. Nothing here touches the disk itself.

mod declare;
mod module;
mod source;
mod stack;
mod value;

pub use source::{FileError, Files, Source, Sources};

pub use value::{Block, Value};

pub use declare::{Knob, ReferenceKind, Shape, Type};

pub use stack::{
    App, Auth, Cluster, Gateway, Layer, LayerKind, Listener, Manifest, NamedBlock, Node,
    SecretBlock, Stack, StorageClass, Volume,
};

pub use module::{Module, Template};
