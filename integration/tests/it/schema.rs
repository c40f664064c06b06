//! The table that is part of the program is what the API server says.

use stackctl_integration::{ControlPlane, repository, schema_table};

#[test]
fn table_is_made_from_the_servers_own_documents() {
    let folder = repository().join("crates/plan/src/systems/kubernetes");
    let defaults = std::fs::read_to_string(folder.join("defaults.json")).unwrap();
    let table = schema_table(ControlPlane::shared(), &defaults).unwrap();
    let embedded = std::fs::read_to_string(folder.join("schema.json")).unwrap();
    assert!(table == embedded, "run: cargo run -p stackctl-integration --bin schema");
}
