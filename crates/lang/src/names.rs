//! What each kind of reference may name.

use std::collections::BTreeMap;

use stackctl_model::Span;

use crate::{App, Block, ReferenceKind, Stack, Value};

/// The names a stack declares, by kind, each with the place of its first declaration.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Names {
    known: BTreeMap<ReferenceKind, BTreeMap<String, Span>>,
}

impl Names {
    /// Collects what a stack declares.
    pub fn of(stack: &Stack) -> Self {
        let mut names = Self::default();
        for app in &stack.apps {
            names.add(ReferenceKind::App, &app.name.value, app.name.span);
            names.add_containers(app);
        }
        for node in &stack.nodes {
            names.add(ReferenceKind::Node, &node.name.value, node.name.span);
            for gpu in &node.gpus {
                names.add(ReferenceKind::Gpu, &gpu.class.value, gpu.class.span);
            }
        }
        for class in &stack.storage_classes {
            names.add(ReferenceKind::StorageClass, &class.name.value, class.name.span);
        }
        for volume in &stack.volumes {
            names.add(ReferenceKind::Volume, &volume.name.value, volume.name.span);
        }
        for gateway in &stack.gateways {
            names.add(ReferenceKind::Gateway, &gateway.name.value, gateway.name.span);
        }
        for backup in &stack.backups {
            names.add(ReferenceKind::Backup, &backup.name.value, backup.name.span);
        }
        for secret in &stack.secrets {
            names.add(ReferenceKind::Secret, &secret.name.value, secret.name.span);
        }
        for group in stack.auth.iter().flat_map(|auth| &auth.groups) {
            names.add(ReferenceKind::AuthGroup, &group.value, group.span);
        }
        names
    }

    /// Whether a name is declared.
    pub fn has(&self, kind: ReferenceKind, name: &str) -> bool {
        self.known.get(&kind).is_some_and(|names| names.contains_key(name))
    }

    /// Everything declared of a kind, sorted.
    pub fn all(&self, kind: ReferenceKind) -> impl Iterator<Item = &str> {
        self.known.get(&kind).into_iter().flat_map(|names| names.keys().map(String::as_str))
    }

    /// Where a name was first declared.
    pub fn place(&self, kind: ReferenceKind, name: &str) -> Option<Span> {
        self.known.get(&kind)?.get(name).copied()
    }

    fn add(&mut self, kind: ReferenceKind, name: &str, span: Span) {
        self.known.entry(kind).or_default().entry(name.to_owned()).or_insert(span);
    }

    fn add_containers(&mut self, app: &App) {
        let blocks = app.layers.iter().flat_map(|layer| &layer.blocks);
        for container in blocks.filter(|block: &&Block| block.name.value == "container") {
            if let Some(Value::Text(name)) = container.args.first().map(|arg| &arg.value) {
                self.add(ReferenceKind::App, name, container.name.span);
            }
        }
    }
}
