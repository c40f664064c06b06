//! Blocks to a stack: each block read, defaults and groups laid under it, everything checked.

use std::collections::BTreeMap;

use stackctl_model::{Finding, Span, Spanned};

use crate::blocks::{self, check_more, top_level};
use crate::check::suggest;
use crate::{App, Block, Knob, Layer, LayerKind, NamedBlock, Names, Stack, check_block};

/// Reads all blocks. `place` is where the `stack` line would stand when there is none.
pub(super) fn assemble(blocks: &[Block], place: Span) -> (Stack, Vec<Finding>) {
    let knobs = top_level();
    let mut assembler = Assembler {
        knobs: knobs.iter().map(|knob| (knob.name.as_str(), knob)).collect(),
        defaults: blocks.iter().filter(|block| block.name.value == "defaults").collect(),
        findings: Vec::new(),
    };
    let merged: Vec<Block> = blocks.iter().map(|block| assembler.merged(block)).collect();
    let stack = assembler.stack(&merged, place);
    assembler.once(&merged, place);
    assembler.check(&merged, &Names::of(&stack));
    assembler.duplicates(&stack);
    (stack, assembler.findings)
}

struct Assembler<'a> {
    knobs: BTreeMap<&'a str, &'a Knob>,
    defaults: Vec<&'a Block>,
    findings: Vec<Finding>,
}

impl Assembler<'_> {
    /// The block upon the defaults of its kind; apps keep theirs as a layer.
    fn merged(&self, block: &Block) -> Block {
        let word = block.name.value.as_str();
        let knob = self.knobs.get(word).filter(|_| word != "app" && word != "defaults");
        let mut merged = block.clone();
        if let Some(knob) = knob {
            for defaults in &self.defaults {
                merged = blocks::merge_defaults(&merged, &defaults.children, knob);
            }
        }
        merged
    }

    fn stack(&self, merged: &[Block], place: Span) -> Stack {
        let named =
            |word: &'static str| merged.iter().filter(move |block| block.name.value == word);
        let head = blocks::read_head(named("stack").next(), place);
        let name_and_block = |block: &Block| {
            let name = block.args.first()?;
            let text = name.value.as_text()?.to_owned();
            Some(NamedBlock { name: Spanned::new(text, name.span), block: block.clone() })
        };
        Stack {
            name: head.name,
            domain: head.domain,
            timezone: head.timezone,
            namespace: head.namespace,
            cluster: named("cluster").next().map(blocks::read_cluster),
            nodes: named("node").map(blocks::read_node).collect(),
            storage_classes: named("storage-class").map(blocks::read_storage_class).collect(),
            volumes: named("volume").map(blocks::read_volume).collect(),
            backups: named("backup").filter_map(name_and_block).collect(),
            gateways: named("gateway").map(blocks::read_gateway).collect(),
            auth: named("auth").next().map(blocks::read_auth),
            apps: self.apps(merged),
            secrets: named("secret").map(blocks::read_secret).collect(),
            manifests: named("manifest").map(blocks::read_manifest).collect(),
            ownership: named("ownership").flat_map(blocks::read_ownership).collect(),
            alerts: named("alerts").flat_map(|block| block.children.iter().cloned()).collect(),
        }
    }

    fn apps(&self, merged: &[Block]) -> Vec<App> {
        let lines = self.defaults.iter().flat_map(|defaults| defaults.children_named("app"));
        let lines: Vec<Block> = lines.flat_map(|app| app.children.iter().cloned()).collect();
        let mut below = Vec::new();
        if !lines.is_empty() {
            below.push(Layer { kind: LayerKind::Defaults, blocks: lines });
        }
        let mut apps = Vec::new();
        for block in merged {
            match block.name.value.as_str() {
                "app" => apps.push(blocks::read_app(block, &below)),
                "group" => apps.extend(blocks::read_group(block, &below)),
                _ => {}
            }
        }
        // A block without a name was told of; it is no app.
        apps.retain(|app| !app.name.value.is_empty());
        apps
    }

    /// Words that may stand once, and those that must stand.
    fn once(&mut self, merged: &[Block], place: Span) {
        let mut said: BTreeMap<&str, Span> = BTreeMap::new();
        for block in merged {
            let word = block.name.value.as_str();
            if self.knobs.get(word).is_none_or(|knob| knob.repeat) {
                continue;
            }
            if let Some(first) = said.insert(word, block.name.span) {
                let message = format!("`{word}` stands in a stack once");
                let finding = Finding::error("said-twice", message, block.name.span);
                self.findings.push(finding.also(first, "first here").help("Put them together."));
            }
        }
        if !said.contains_key("stack") {
            let finding = Finding::error("missing-word", "this stack has no name", place);
            self.findings.push(finding.help("Begin with a line such as `stack home`."));
        }
    }

    fn check(&mut self, merged: &[Block], names: &Names) {
        for block in merged {
            let Some(knob) = self.knobs.get(block.name.value.as_str()) else {
                self.unknown(block);
                continue;
            };
            self.findings.extend(check_block(block, knob, names));
            self.findings.extend(check_more(block));
            if block.name.value == "group" {
                self.group(block, names);
            }
        }
    }

    fn unknown(&mut self, block: &Block) {
        let name = &block.name;
        let message = format!("a stack has no block `{}`", name.value);
        let finding = Finding::error("unknown-block", message, name.span);
        let words: Vec<&str> = self.knobs.keys().copied().collect();
        self.findings.push(suggest(finding, name, words.into_iter()));
    }

    fn group(&mut self, block: &Block, names: &Names) {
        for child in &block.children {
            match child.name.value.as_str() {
                "app" => {
                    if let Some(knob) = self.knobs.get("app") {
                        self.findings.extend(check_block(child, knob, names));
                    }
                }
                "group" => self.findings.push(
                    Finding::error(
                        "nested-group",
                        "a group stands in no other group",
                        child.name.span,
                    )
                    .also(block.name.span, "the outer one")
                    .help("Put its apps into the outer group, or it beside that one."),
                ),
                _ => {}
            }
        }
        if block.children_named("app").next().is_none() {
            let finding = Finding::warning("empty-group", "this group has no app", block.name.span);
            self.findings.push(finding.help("Put `app` lines into it."));
        }
    }

    fn duplicates(&mut self, stack: &Stack) {
        let manifests = stack.manifests.iter().map(|manifest| &manifest.pattern);
        self.unique("app", stack.apps.iter().map(|app| &app.name));
        self.unique("node", stack.nodes.iter().map(|node| &node.name));
        self.unique("storage-class", stack.storage_classes.iter().map(|class| &class.name));
        self.unique("volume", stack.volumes.iter().map(|volume| &volume.name));
        self.unique("backup", stack.backups.iter().map(|backup| &backup.name));
        self.unique("gateway", stack.gateways.iter().map(|gateway| &gateway.name));
        self.unique("secret", stack.secrets.iter().map(|secret| &secret.name));
        self.unique("manifest", manifests);
        let defaults: Vec<_> = stack.storage_classes.iter().filter(|class| class.default).collect();
        if let [first, others @ ..] = defaults.as_slice() {
            for other in others {
                let message = "two storage classes are the default one";
                let finding = Finding::error("two-defaults", message, other.name.span);
                self.findings.push(
                    finding.also(first.name.span, "the other").help("Keep default=#true on one."),
                );
            }
        }
    }

    fn unique<'n>(&mut self, word: &str, names: impl Iterator<Item = &'n Spanned<String>>) {
        let mut said: BTreeMap<&str, Span> = BTreeMap::new();
        for name in names.filter(|name| !name.value.is_empty()) {
            match said.get(name.value.as_str()) {
                Some(first) => {
                    let message = format!("{word} `{}` is declared twice", name.value);
                    self.findings.push(
                        Finding::error("duplicate-name", message, name.span)
                            .also(*first, "first here")
                            .help("Give one of them another name, or put them together."),
                    );
                }
                None => {
                    said.insert(&name.value, name.span);
                }
            }
        }
    }
}
