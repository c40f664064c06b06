//! Resources and what is live, to a plan. Pure: no clock, network, environment or file.
//!
//! The steps, in the order of the data: [`Request::prepare`] marks the resources, orders them and picks
//! those that are meant; [`Planner::compare`] holds them against what is live; [`Compared::to_preview`]
//! names those the server should be asked about; [`Compared::plan`] decides what is done to each. [`Queue`]
//! says what an executor may start next.

mod action;
mod decision;
mod diagnose;
mod error;
mod goal;
mod graph;
pub mod lints;
mod look;
mod planner;
mod queue;
mod recording;
mod request;
mod risk;
mod saved;
mod scope;
mod steps;
mod systems;

pub use systems::kubernetes;

pub use systems::kubernetes::mark::{
    APPLYSET_ID, FIELD_MANAGER, PART_OF, RETIRED_AT, RETIRED_FROM, StackMark, mark_of,
};

pub use goal::Goal;

pub use scope::PlanScope;

pub use planner::{Digests, Planner};

pub use steps::Compared;

pub use request::Request;

pub use error::PlanError;

pub use systems::machine::{
    gpu_device, join_usual, modules_file, proc_path, sysctl_file, with_line,
};

pub use recording::{compare_recordings, record, restore};

pub use diagnose::diagnose;

pub use risk::{mass_removal, refusals};

pub use saved::SavedPlan;

pub use queue::{Ended, Queue, Skipped};
