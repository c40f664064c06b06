//! What each type of value accepts, and what such a value is once it is read.

mod check;
mod cron;
mod duration;
mod image;
mod network;
mod nfs;
mod percent;
mod range;
mod text;
mod url;
mod words;
mod wrong;

pub(crate) use check::check;
pub(crate) use words::{article, example};
pub(crate) use wrong::Wrong;

pub use duration::Duration;
pub use nfs::NfsExport;
pub use percent::Percent;
pub use url::Url;
