//! Whole stacks and modules: they are read without a word.

use stackctl_lang::Access;

use crate::memory::{said, said_of_module, stack};

pub(crate) const STACKS: [&str; 3] = [
    include_str!("../stacks/home.kdl"),
    include_str!("../stacks/minimal.kdl"),
    include_str!("../stacks/escape-hatches.kdl"),
];

pub(crate) const MODULES: [&str; 3] = [
    include_str!("../modules/app.kdl"),
    include_str!("../modules/arr.kdl"),
    include_str!("../modules/sonarr.kdl"),
];

#[test]
fn whole_stacks_are_read_without_a_finding() {
    for text in STACKS {
        assert_eq!(said(text), "");
    }
}

#[test]
fn modules_are_read_without_a_finding() {
    for text in MODULES {
        assert_eq!(said_of_module(text), "");
    }
}

#[test]
fn defaults_lie_under_every_node_and_app() {
    let (stack, _, _) = stack(STACKS[0]);
    let stack = stack.unwrap();
    assert_eq!(stack.timezone.value, "Europe/Oslo");
    for node in &stack.nodes {
        let settings: Vec<_> = node.settings.keys().map(ToString::to_string).collect();
        for asked in ["sysctl/fs.inotify.max_user_instances", "package/open-iscsi", "multipath"] {
            assert!(settings.iter().any(|setting| setting == asked), "{settings:?}");
        }
    }
    assert!(stack.nodes[2].reach.optional && !stack.nodes[0].reach.optional);
    assert_eq!(stack.nodes[0].gpus[0].class.value, "intel");
    let layers: Vec<_> = stack
        .apps
        .iter()
        .map(|app| {
            let kinds: Vec<_> =
                app.layers.iter().map(|layer| (&layer.kind, layer.blocks.len())).collect();
            format!("{}: {kinds:?}", app.name.value)
        })
        .collect();
    insta::assert_snapshot!(layers.join("\n"), @r#"
    jellyfin: [(Defaults, 3), (Own, 10)]
    sonarr: [(Defaults, 3), (Group("arr"), 6), (Own, 1)]
    radarr: [(Defaults, 3), (Group("arr"), 6), (Own, 1)]
    bazarr: [(Defaults, 3), (Group("arr"), 6), (Own, 1)]
    prowlarr: [(Defaults, 3), (Group("arr"), 6), (Own, 4)]
    qbittorrent: [(Defaults, 3), (Own, 3)]
    home-assistant: [(Defaults, 3), (Own, 3)]
    "#);
}

#[test]
fn blocks_are_read_as_they_are_written() {
    let (stack, _, _) = stack(STACKS[0]);
    let stack = stack.unwrap();
    let class = &stack.storage_classes[0];
    assert_eq!(class.replicas.as_ref().map(|replicas| replicas.value), Some(2));
    assert_eq!(class.backup.as_ref().unwrap().value, "nightly");
    assert_eq!(stack.volumes[0].size.value.to_string(), "2Ti");
    assert_eq!(stack.volumes[0].access, Access::ReadWriteMany);
    assert_eq!(
        stack.backups[0].target.as_ref().unwrap().value.to_string(),
        "nfs://10.0.0.20/export/backup"
    );
    assert_eq!(stack.gateways[0].listeners[0].host.value, "*.lab.example.com");
    assert!(stack.gateways[0].listeners[0].tls);
    let auth = stack.auth.as_ref().unwrap();
    assert_eq!(auth.token.as_ref().unwrap().value.to_string(), "(env)AUTHENTIK_TOKEN");
    assert_eq!(auth.groups.len(), 2);
    let storage = stack.alerts.storage.as_ref().unwrap();
    assert_eq!(storage.warning.as_ref().unwrap().value.to_string(), "75%");
    let transcoding = stack.alerts.transcoding.as_ref().unwrap();
    assert_eq!(transcoding.duration.as_ref().unwrap().value.milliseconds(), 30 * 60_000);
}

#[test]
fn escape_hatches_reach_the_stack() {
    let (stack, _, _) = stack(STACKS[2]);
    let stack = stack.unwrap();
    assert_eq!(stack.secrets[0].keys.len(), 2);
    assert_eq!(stack.manifests[0].pattern.value, "extra/*.yaml");
    assert_eq!(stack.manifests[0].after[0].value.to_string(), "app.jellyfin");
    assert_eq!(stack.apps.len(), 2);
}
