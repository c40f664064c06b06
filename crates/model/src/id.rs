//! Ids: what a person would type to name a resource, and patterns over them.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::{SettingName, System, known_kind};

/// The name of a resource. Printed as `deployment/media/jellyfin`,
/// `node/nuc-01/sysctl/fs.inotify.max_user_instances`, `authentik/application/jellyfin`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ResourceId {
    /// A Kubernetes object.
    Object(ObjectId),
    /// A setting of a machine: `node/NODE/SETTING`.
    Machine(MachineId),
    /// An object of Authentik: `authentik/KIND/NAME`.
    Authentik {
        /// Such as `application`.
        kind: String,
        /// Its slug or name.
        name: String,
    },
    /// A setting inside an app, through its own API: `app/NAME/SETTING`.
    App {
        /// The app.
        app: String,
        /// Such as `download-client/qbittorrent`.
        setting: String,
    },
    /// What the stack as a whole has besides objects: `backup/NAME`, `alert/NAME`.
    Stack {
        /// `backup` or `alert`.
        kind: String,
        /// Such as `nightly`.
        name: String,
    },
}

/// The name of a Kubernetes object.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectId {
    /// Kind as the API spells it, such as `Deployment`.
    pub kind: String,
    /// API group; empty for the core group.
    pub group: String,
    /// None for what lives in no namespace.
    pub namespace: Option<String>,
    /// `metadata.name`.
    pub name: String,
}

/// The name of a setting of a machine.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MachineId {
    /// The node block's name.
    pub node: String,
    /// Which setting of it.
    pub setting: SettingName,
}

impl MachineId {
    /// The place before all settings of a machine, for a range that begins with them.
    pub fn first_of(node: &str) -> Self {
        Self { node: node.to_owned(), setting: SettingName::FIRST }
    }
}

impl ResourceId {
    /// The id of a Kubernetes object.
    pub fn object(
        group: impl Into<String>,
        kind: impl Into<String>,
        namespace: Option<&str>,
        name: impl Into<String>,
    ) -> Self {
        Self::Object(ObjectId {
            kind: kind.into(),
            group: group.into(),
            namespace: namespace.map(str::to_owned),
            name: name.into(),
        })
    }

    /// The id of a setting of a machine.
    pub fn machine(node: impl Into<String>, setting: SettingName) -> Self {
        Self::Machine(MachineId { node: node.into(), setting })
    }

    /// What holds it; none for what no system holds yet.
    pub fn system(&self) -> Option<System> {
        match self {
            Self::Object(_) => Some(System::Kubernetes),
            Self::Machine(_) => Some(System::Machine),
            Self::Authentik { .. } => Some(System::Authentik),
            Self::App { .. } => Some(System::App),
            Self::Stack { .. } => None,
        }
    }

    /// The Kubernetes object it names, if it is one.
    pub fn as_object(&self) -> Option<&ObjectId> {
        match self {
            Self::Object(object) => Some(object),
            Self::Machine(_) | Self::Authentik { .. } | Self::App { .. } | Self::Stack { .. } => {
                None
            }
        }
    }

    /// The setting of a machine it names, if it is one.
    pub fn as_machine(&self) -> Option<&MachineId> {
        match self {
            Self::Machine(setting) => Some(setting),
            Self::Object(_) | Self::Authentik { .. } | Self::App { .. } | Self::Stack { .. } => {
                None
            }
        }
    }

    /// Whether it is a Kubernetes object of this kind.
    pub fn is_kind(&self, group: &str, kind: &str) -> bool {
        self.as_object().is_some_and(|object| object.is_kind(group, kind))
    }
}

impl ObjectId {
    /// Whether it is of this kind.
    pub fn is_kind(&self, group: &str, kind: &str) -> bool {
        self.group == group && self.kind == kind
    }
}

impl fmt::Display for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.kind.to_ascii_lowercase())?;
        let taken = known_kind(&self.kind).is_some_and(|known| known.group != self.group);
        if taken {
            write!(f, ".{}", self.group)?;
        }
        if let Some(namespace) = &self.namespace {
            write!(f, "/{namespace}")?;
        }
        write!(f, "/{}", self.name)
    }
}

impl fmt::Display for ResourceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Object(object) => object.fmt(f),
            Self::Machine(MachineId { node, setting }) => write!(f, "node/{node}/{setting}"),
            Self::Authentik { kind, name } => write!(f, "authentik/{kind}/{name}"),
            Self::App { app, setting } => write!(f, "app/{app}/{setting}"),
            Self::Stack { kind, name } => write!(f, "{kind}/{name}"),
        }
    }
}

impl Serialize for ResourceId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ResourceId {
    /// Reads what was printed. Kinds that are not known by name keep their small letters.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        printed(&text).ok_or_else(|| serde::de::Error::custom(format!("{text:?} is not an id")))
    }
}

fn printed(text: &str) -> Option<ResourceId> {
    let (kind, rest) = text.split_once('/')?;
    let two = |rest: &str| rest.split_once('/').map(|(a, b)| (a.to_owned(), b.to_owned()));
    Some(match (kind, two(rest)) {
        ("node", Some((node, setting))) => ResourceId::machine(node, setting.parse().ok()?),
        ("authentik", Some((kind, name))) => ResourceId::Authentik { kind, name },
        ("app", Some((app, setting))) => ResourceId::App { app, setting },
        ("backup" | "alert", _) => {
            ResourceId::Stack { kind: kind.to_owned(), name: rest.to_owned() }
        }
        (kind, place) => {
            let (group, kind) = match (known_kind(kind), kind.split_once('.')) {
                (Some(known), _) => (known.group, known.kind),
                (None, Some((kind, group))) => (group, kind),
                (None, None) => ("", kind),
            };
            let (namespace, name) = match place {
                Some((namespace, name)) => (Some(namespace), name),
                None => (None, rest.to_owned()),
            };
            ResourceId::object(group, kind, namespace.as_deref(), name)
        }
    })
}

/// A pattern over ids: an id with `*` for any run of characters, its kind in any of kubectl's spellings.
/// `app.NAME` means everything of that app.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum IdPattern {
    /// Matches the printed id.
    Id(String),
    /// Matches all resources of an app.
    App(String),
}

/// Why a pattern cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdError(pub String);

impl fmt::Display for IdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for IdError {}

impl std::str::FromStr for IdPattern {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        if text.is_empty() || text.contains(char::is_whitespace) {
            return Err(IdError(format!(
                "{text:?} is not an id; ids look like deployment/media/jellyfin"
            )));
        }
        if let Some(app) = text.strip_prefix("app.") {
            return Ok(Self::App(app.to_owned()));
        }
        let (kind, rest) = text.split_once('/').unwrap_or((text, "*"));
        Ok(Self::Id(format!("{}/{rest}", canonical_kind(kind))))
    }
}

impl From<IdPattern> for String {
    fn from(pattern: IdPattern) -> Self {
        pattern.to_string()
    }
}

impl TryFrom<String> for IdPattern {
    type Error = IdError;

    fn try_from(text: String) -> Result<Self, IdError> {
        text.parse()
    }
}

fn canonical_kind(written: &str) -> String {
    let lower = written.to_ascii_lowercase();
    if lower.contains('.') {
        return lower;
    }
    known_kind(&lower).map_or(lower, |known| known.kind.to_ascii_lowercase())
}

impl IdPattern {
    /// Whether a resource is meant; `app` is the app it belongs to.
    pub fn matches(&self, id: &ResourceId, app: Option<&str>) -> bool {
        match self {
            Self::App(pattern) => app.is_some_and(|app| glob(pattern.as_bytes(), app.as_bytes())),
            Self::Id(pattern) => glob(pattern.as_bytes(), id.to_string().as_bytes()),
        }
    }
}

impl fmt::Display for IdPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::App(app) => write!(f, "app.{app}"),
            Self::Id(id) => f.write_str(id),
        }
    }
}

/// Linear-time match of `*`: remembers the last star and where it stood.
pub(crate) fn glob(pattern: &[u8], text: &[u8]) -> bool {
    let (mut p, mut t) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while t < text.len() {
        if pattern.get(p) == Some(&b'*') {
            star = Some((p, t));
            p += 1;
        } else if pattern.get(p) == text.get(t) {
            p += 1;
            t += 1;
        } else if let Some((star_p, star_t)) = star {
            p = star_p + 1;
            t = star_t + 1;
            star = Some((star_p, star_t + 1));
        } else {
            return false;
        }
    }
    pattern.get(p..).is_some_and(|rest| rest.iter().all(|byte| *byte == b'*'))
}

#[cfg(test)]
mod tests {
    use super::{IdPattern, ResourceId};

    #[test]
    fn what_is_printed_is_read_back() {
        for text in [
            "deployment/media/jellyfin",
            "storageclass/fast",
            "service.serving.knative.dev/media/x",
            "shelf/media/films",
            "node/nuc-01",
            "node/nuc-01/sysctl/fs.inotify.max_user_watches",
            "authentik/application/jellyfin",
            "app/sonarr/download-client/qbittorrent",
            "backup/nightly",
        ] {
            let id: ResourceId = serde_json::from_value(text.into()).unwrap();
            assert_eq!(id.to_string(), text);
        }
        let id: ResourceId = serde_json::from_value("deployment/media/x".into()).unwrap();
        assert_eq!(id, ResourceId::object("apps", "Deployment", Some("media"), "x"));
        for text in ["nonsense", "node/nuc-01/color/red"] {
            assert!(serde_json::from_value::<ResourceId>(text.into()).is_err(), "{text}");
        }
    }

    fn matches(pattern: &str, id: &ResourceId) -> bool {
        pattern.parse::<IdPattern>().unwrap().matches(id, Some("jellyfin"))
    }

    #[test]
    fn ids_print_as_people_type_them() {
        let claim =
            ResourceId::object("", "PersistentVolumeClaim", Some("media"), "jellyfin-config");
        assert_eq!(claim.to_string(), "persistentvolumeclaim/media/jellyfin-config");
        let knative = ResourceId::object("serving.knative.dev", "Service", Some("media"), "x");
        assert_eq!(knative.to_string(), "service.serving.knative.dev/media/x");
    }

    #[test]
    fn short_names_globs_and_apps_match() {
        let claim =
            ResourceId::object("", "PersistentVolumeClaim", Some("media"), "jellyfin-config");
        assert!(matches("pvc/media/jellyfin-*", &claim));
        assert!(matches("PersistentVolumeClaim/*", &claim));
        assert!(matches("pvc", &claim));
        assert!(matches("app.jelly*", &claim));
        assert!(!matches("pvc/media/jellyfin", &claim));
        assert!(!matches("deploy/media/*", &claim));
    }
}
