//! Writes the compact schema table anew: `cargo run -p stackctl-integration --bin schema`.
#![expect(clippy::disallowed_methods, reason = "reads and writes the table's files")]

use anyhow::Result;
use stackctl_integration::{ControlPlane, repository, say, schema_table};

fn main() -> Result<()> {
    let folder = repository().join("crates/plan/src/systems/kubernetes");
    let defaults = std::fs::read_to_string(folder.join("defaults.json"))?;
    let cluster = ControlPlane::start()?;
    std::fs::write(folder.join("schema.json"), schema_table(&cluster, &defaults)?)?;
    say("crates/plan/src/systems/kubernetes/schema.json written");
    Ok(())
}
