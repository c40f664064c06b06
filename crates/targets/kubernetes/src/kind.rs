//! A kind as paths need it.

use kube::core::discovery::ApiResource;
use kube::discovery::{ApiCapabilities, Scope as ApiScope};
use stackctl_model::{KnownKind, Scope};

/// A kind as paths need it.
#[expect(clippy::struct_field_names, reason = "Kubernetes' own words")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Kind {
    pub(crate) group: String,
    pub(crate) version: String,
    pub(crate) kind: String,
    pub(crate) plural: String,
    pub(crate) namespaced: bool,
}

impl Kind {
    /// A kind that is spelled in the table; none for one that the server is asked for.
    pub(crate) fn known(known: &KnownKind) -> Option<Self> {
        let names = known.names?;
        Some(Self {
            group: known.group.to_owned(),
            version: names.version.to_owned(),
            kind: known.kind.to_owned(),
            plural: names.plural.to_owned(),
            namespaced: known.scope == Scope::Namespace,
        })
    }

    /// A kind as the server says it.
    pub(crate) fn discovered(resource: ApiResource, capabilities: &ApiCapabilities) -> Self {
        Self {
            group: resource.group,
            version: resource.version,
            kind: resource.kind,
            plural: resource.plural,
            namespaced: capabilities.scope == ApiScope::Namespaced,
        }
    }

    /// `apps/v1`, or `v1` for the core group.
    pub(crate) fn api_version(&self) -> String {
        if self.group.is_empty() {
            self.version.clone()
        } else {
            format!("{}/{}", self.group, self.version)
        }
    }
}
