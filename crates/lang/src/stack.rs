//! The stack, typed, and the table of the blocks that make it: what one `stack.kdl` and its includes
//! declare. A new block is a file in `blocks/`, a line in the table and, where it is kept, a field.

use stackctl_model::{FieldRule, Finding, Span, Spanned};

use crate::blocks::alerts::{self, Alerts};
use crate::blocks::app::{self, App};
use crate::blocks::auth::{self, Auth};
use crate::blocks::backup::{self, Backup};
use crate::blocks::cluster::{self, Cluster};
use crate::blocks::defaults;
use crate::blocks::gateway::{self, Gateway};
use crate::blocks::group;
use crate::blocks::include;
use crate::blocks::manifest::{self, Manifest};
use crate::blocks::node::{self, Node};
use crate::blocks::ownership;
use crate::blocks::secret::{self, SecretBlock};
use crate::blocks::stack::{self, Head};
use crate::blocks::storage_class::{self, StorageClass};
use crate::blocks::top_level::TopLevel;
use crate::blocks::volume::{self, Volume};
use crate::declare::Knob;
use crate::names::{Names, Referent};
use crate::silence::Silence;
use crate::value::Block;

/// All that one stack declares.
#[derive(Clone, Debug, PartialEq)]
pub struct Stack {
    /// Its identity everywhere.
    pub name: Spanned<String>,
    /// Apps are reached as `APP.DOMAIN`.
    pub domain: Option<Spanned<String>>,
    /// IANA name; `Etc/UTC` when not said.
    pub timezone: Spanned<String>,
    /// Where its objects live; the stack's name when not said.
    pub namespace: Spanned<String>,
    /// Which cluster.
    pub cluster: Option<Cluster>,
    /// Machines, `defaults { node { … } }` merged in.
    pub nodes: Vec<Node>,
    /// Storage classes.
    pub storage_classes: Vec<StorageClass>,
    /// Volumes that apps share.
    pub volumes: Vec<Volume>,
    /// When volumes are backed up.
    pub backups: Vec<Backup>,
    /// Ways in.
    pub gateways: Vec<Gateway>,
    /// Single sign-on.
    pub auth: Option<Auth>,
    /// Apps, those in groups included, in the order of the file.
    pub apps: Vec<App>,
    /// Secrets.
    pub secrets: Vec<SecretBlock>,
    /// Plain manifests.
    pub manifests: Vec<Manifest>,
    /// What to do about fields that others have written, the first that fits first.
    pub ownership: Vec<FieldRule>,
    /// What to be told of.
    pub alerts: Alerts,
    /// Lints that are turned off.
    pub silences: Vec<Silence>,
    /// What lines may refer to.
    pub names: Names,
}

/// A block and where in the stack it is kept.
pub(crate) struct Registered {
    /// What its file says of it.
    pub(crate) block: &'static TopLevel,
    /// Reads one, which need not be right, and puts it into the stack.
    pub(crate) read: fn(&Block, &mut Stack),
}

const fn keep(block: &'static TopLevel, read: fn(&Block, &mut Stack)) -> Registered {
    Registered { block, read }
}

/// Every block, by word.
pub(crate) static BLOCKS: [Registered; 16] = [
    keep(&alerts::BLOCK, |block, stack| stack.alerts = alerts::read(block)),
    keep(&app::BLOCK, |block, stack| stack.apps.extend(app::read(block))),
    keep(&auth::BLOCK, |block, stack| stack.auth = Some(auth::read(block))),
    keep(&backup::BLOCK, |block, stack| stack.backups.extend(backup::read(block))),
    keep(&cluster::BLOCK, |block, stack| stack.cluster = Some(cluster::read(block))),
    keep(&defaults::BLOCK, |_, _| {}),
    keep(&gateway::BLOCK, |block, stack| stack.gateways.push(gateway::read(block))),
    keep(&group::BLOCK, |block, stack| stack.apps.extend(group::read(block))),
    keep(&include::BLOCK, |_, _| {}),
    keep(&manifest::BLOCK, |block, stack| stack.manifests.push(manifest::read(block))),
    keep(&node::BLOCK, |block, stack| stack.nodes.push(node::read(block))),
    keep(&ownership::BLOCK, |block, stack| stack.ownership.extend(ownership::read(block))),
    keep(&secret::BLOCK, |block, stack| stack.secrets.push(secret::read(block))),
    keep(&stack::BLOCK, |block, stack| stack.set_head(stack::read(block))),
    keep(&storage_class::BLOCK, |block, stack| {
        stack.storage_classes.push(storage_class::read(block));
    }),
    keep(&volume::BLOCK, |block, stack| stack.volumes.push(volume::read(block))),
];

/// The declarations of all top-level blocks, by name.
pub fn top_level() -> Vec<Knob> {
    let mut knobs: Vec<Knob> = BLOCKS.iter().map(|one| one.block.declaration()).collect();
    let lines = || BLOCKS.iter().filter_map(|one| defaults::lines_for(one.block));
    for knob in knobs.iter_mut().filter(|knob| knob.name == defaults::BLOCK.word) {
        knob.shape.children = lines().collect();
    }
    knobs
}

/// A block by its word.
pub(crate) fn registered(word: &str) -> Option<&'static Registered> {
    BLOCKS.iter().find(|one| one.block.word == word)
}

/// What `ref<WORD>` refers to.
pub(crate) fn referent(word: &str) -> Option<&'static Referent> {
    BLOCKS.iter().flat_map(|one| one.block.referents).find(|referent| referent.word == word)
}

impl Stack {
    /// A stack of which nothing was said; `place` is where its first line would stand.
    pub(crate) fn empty(place: Span) -> Self {
        let Head { name, domain, timezone, namespace } = stack::without(place);
        Self {
            name,
            domain,
            timezone,
            namespace,
            cluster: None,
            nodes: Vec::new(),
            storage_classes: Vec::new(),
            volumes: Vec::new(),
            backups: Vec::new(),
            gateways: Vec::new(),
            auth: None,
            apps: Vec::new(),
            secrets: Vec::new(),
            manifests: Vec::new(),
            ownership: Vec::new(),
            alerts: Alerts::default(),
            silences: Vec::new(),
            names: Names::default(),
        }
    }

    fn set_head(&mut self, head: Head) {
        let Head { name, domain, timezone, namespace } = head;
        self.name = name;
        self.domain = domain;
        self.timezone = timezone;
        self.namespace = namespace;
    }

    /// What no block can see of itself.
    pub(crate) fn check(&self) -> Vec<Finding> {
        storage_class::check_all(&self.storage_classes)
    }
}
