//! Machines: what is asked of each against what was seen of it.

mod decide;
mod file;
mod groups;
mod leave;
mod looked_at;
mod package;
pub(crate) mod question;
mod settings;
mod sysctl;
mod verdict;

pub use file::{modules_file, proc_path, sysctl_file, with_line};

pub use looked_at::gpu_device;

pub use groups::join_usual;

pub(crate) use groups::join;

pub(crate) use settings::declared;

pub(crate) use question::to_remember;

pub(crate) use decide::{decide, findings};

pub(crate) use leave::{Written, gone, leaving};
