//! What else is in a namespace that is to go.

use crate::ResourceId;

/// An object of a namespace that somebody put there; what controllers make of others is left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inhabitant {
    /// The object.
    pub id: ResourceId,
    /// The mark of the stack it belongs to, if any.
    pub mark: Option<String>,
}
