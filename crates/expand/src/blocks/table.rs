//! The table of blocks, and the order in which they and what follows from all of them are made.

use stackctl_lang::{Files, Sources, Stack};
use stackctl_model::{Declared, Finding, Resource};

use super::builder::StackBuilder;
use super::{
    alerts, app_settings, apps, auth, backup, declared, gateway, manifest, namespace, network,
    node, secret, storage_class, unique, volume,
};
use crate::expanded_app::ExpandedApp;

/// A block by its word, and what makes its resources.
struct StackBlock {
    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "a test holds the words against lang's table")
    )]
    word: &'static str,
    make: fn(&mut StackBuilder<'_>),
}

const fn block(word: &'static str, make: fn(&mut StackBuilder<'_>)) -> StackBlock {
    StackBlock { word, make }
}

/// A block whose lines are all used where the stack is read.
const fn without_resources(word: &'static str) -> StackBlock {
    StackBlock { word, make: |_| {} }
}

/// Every block. Of two resources with one name the first stays, so that apps come first; manifests come last,
/// since their `after=` names what all others made.
const BLOCKS: [StackBlock; 16] = [
    block("app", |builder| {
        apps::make(builder);
        app_settings::make(builder);
        network::make(builder);
    }),
    block("stack", namespace::make),
    block("storage-class", storage_class::make),
    block("volume", volume::make),
    block("gateway", gateway::make),
    block("secret", secret::make),
    block("node", node::make),
    block("auth", auth::make),
    block("backup", backup::make),
    block("alerts", alerts::make),
    without_resources("cluster"),
    without_resources("defaults"),
    without_resources("group"),
    without_resources("include"),
    without_resources("ownership"),
    block("manifest", manifest::make),
];

/// All resources of a stack, those of its apps included, without edges but the ones a manifest asks for.
pub(crate) fn expand_stack(
    stack: &Stack,
    mut apps: Vec<ExpandedApp>,
    files: &dyn Files,
    sources: &mut Sources,
    findings: &mut Vec<Finding>,
) -> (Vec<Resource>, Declared) {
    let manifest_objects = manifest::read(stack, files, sources, findings);
    let app_objects = apps::take_objects(&mut apps);
    let mut builder = StackBuilder::new(stack, &apps, sources, findings);
    builder.manifest_objects = manifest_objects;
    builder.app_objects = app_objects;
    for block in &BLOCKS {
        (block.make)(&mut builder);
    }
    let declared = declared::declared(&builder);
    (unique::keep_first(builder), declared)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::BLOCKS;

    #[test]
    fn every_block_of_the_language_is_in_the_table_once() {
        let declared: BTreeSet<String> =
            stackctl_lang::top_level().into_iter().map(|knob| knob.name).collect();
        let made: BTreeSet<String> = BLOCKS.iter().map(|block| block.word.to_owned()).collect();
        assert_eq!(declared, made);
        assert_eq!(made.len(), BLOCKS.len());
    }
}
