//! Real parts for tests and measurements: a Kubernetes control plane with the controllers
//! and CRDs a home-lab has, each built from its Go module into a cache.
//!
//! In: the folders under `parts/`, and Go. Out: a [`ControlPlane`] on loopback ports of its
//! own, which goes away with the process that started it.
#![expect(
    clippy::disallowed_methods,
    reason = "starting programs and keeping their files is what this crate is for"
)]

mod access;
mod audit;
mod cache;
mod children;
mod cluster;
mod control_plane;
mod crds;
mod home;
mod machine;
mod part;
mod programs;
mod proxy;
mod say;
mod schema;

pub use audit::{Audit, Request};
pub use cache::{Cache, Parts};
pub use control_plane::ControlPlane;
pub use home::{Home, Said, built_stackctl, repository};
pub use machine::{Machines, USERS};
pub use part::Part;
pub use programs::Program;
pub use proxy::Proxy;
pub use say::say;
pub use schema::schema_table;
