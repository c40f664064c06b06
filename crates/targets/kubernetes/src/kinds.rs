//! How the API spells a kind in paths: known by name, or asked of the server once.

use kube::Client;
use kube::discovery::{Discovery, Scope};
use stackctl_model::{GroupVersionKind, KNOWN_KINDS, ObjectId};
use tokio::sync::Mutex;

/// A kind as paths need it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Kind {
    pub(crate) group: String,
    pub(crate) version: String,
    pub(crate) kind: String,
    pub(crate) plural: String,
    pub(crate) namespaced: bool,
}

/// Looks kinds up; discovery runs only for those nobody knows by name.
#[derive(Default)]
pub(crate) struct Kinds {
    discovered: Mutex<Option<Vec<Kind>>>,
}

impl Kinds {
    /// A kind by its group, version and name; `None` when the server has none such.
    pub(crate) async fn find(
        &self,
        client: &Client,
        wanted: &GroupVersionKind,
    ) -> kube::Result<Option<Kind>> {
        let known = KNOWN_KINDS
            .iter()
            .find(|known| known.group == wanted.group && known.kind == wanted.kind);
        if let Some(known) = known {
            return Ok(Some(Kind {
                group: wanted.group.clone(),
                version: wanted.version.clone(),
                kind: wanted.kind.clone(),
                plural: known.plural.to_owned(),
                namespaced: known.namespaced,
            }));
        }
        let is_wanted = |kind: &Kind| {
            kind.group == wanted.group && kind.version == wanted.version && kind.kind == wanted.kind
        };
        self.discover(client, is_wanted).await
    }

    /// The kind of an id, in whatever version the server prefers when nobody knows it by name.
    pub(crate) async fn of(&self, client: &Client, id: &ObjectId) -> kube::Result<Option<Kind>> {
        let known =
            KNOWN_KINDS.iter().find(|known| known.group == id.group && known.kind == id.kind);
        if let Some(known) = known {
            let version = known.version.to_owned();
            let wanted =
                GroupVersionKind { group: id.group.clone(), version, kind: id.kind.clone() };
            return self.find(client, &wanted).await;
        }
        self.discover(client, |kind| kind.group == id.group && kind.kind == id.kind).await
    }

    /// Asks again when the kind is not there yet: a definition may just have been created.
    async fn discover(
        &self,
        client: &Client,
        is_wanted: impl Fn(&Kind) -> bool,
    ) -> kube::Result<Option<Kind>> {
        let mut discovered = self.discovered.lock().await;
        let found = |kinds: &Vec<Kind>| kinds.iter().find(|kind| is_wanted(kind)).cloned();
        if let Some(kind) = discovered.as_ref().and_then(found) {
            return Ok(Some(kind));
        }
        let kinds = all_kinds(client).await?;
        let kind = found(&kinds);
        *discovered = Some(kinds);
        Ok(kind)
    }
}

async fn all_kinds(client: &Client) -> kube::Result<Vec<Kind>> {
    let discovery = Discovery::new(client.clone()).run_aggregated().await?;
    let mut kinds = Vec::new();
    for group in discovery.groups() {
        for version in group.versions() {
            for (resource, capabilities) in group.versioned_resources(version) {
                kinds.push(Kind {
                    group: resource.group,
                    version: resource.version,
                    kind: resource.kind,
                    plural: resource.plural,
                    namespaced: capabilities.scope == Scope::Namespaced,
                });
            }
        }
    }
    Ok(kinds)
}
