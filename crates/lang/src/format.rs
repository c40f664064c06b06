//! The layout of a stack.

use stackctl_model::Finding;

/// Lays a text out; spans of findings point into source 0.
pub fn format(text: &str) -> Result<String, Vec<Finding>> {
    Ok(text.to_owned())
}
