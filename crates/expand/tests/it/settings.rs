//! What other systems are asked for: nodes, Authentik, the apps themselves, backups and alerts.

use std::fmt::Write as _;

use stackctl_model::Desired;

use crate::lab::{findings, shown, sound};

#[test]
fn everything_that_is_no_object_is_a_setting_with_an_id_and_its_edges() {
    let resources = sound(
        r#"stack home domain="lab.example.com"
node nuc ssh="ops@10.0.0.11" {
    gpu intel "/dev/dri/renderD128"
    sysctl { fs.inotify.max_user_watches 524288; }
    longhorn-host
    label "example.com/disk" ssd
    kernel-module iscsi_tcp nfs
    taint "gpu=intel" NoSchedule
}
node nas optional=#true { sysctl { vm.swappiness 10; }; }
storage-class bulk backup=nightly
backup nightly "0 2 * * *" keep=14 target="nfs://10.0.0.20/backup"
gateway external class=cilium { https "*.lab.example.com" issuer=letsencrypt; }
auth authentik url="https://auth.lab.example.com" token=(env)TOKEN { group users; group admins; }
app tv module=plain { gpu intel; expose; sso oidc users admins; }
app sonarr module=plain { download torrents path="/data/tv"; database vacuum="0 3 * * 0"; }
app prowlarr module=plain { indexes sonarr; }
app bazarr module=plain { subtitles sonarr; }
app torrents module=plain
alerts { storage warning="75%" critical="85%"; transcoding queue=10 duration="30m"; }
"#,
    );
    let mut told = String::new();
    for resource in resources.iter().filter(|one| !matches!(one.desired, Desired::Object(_))) {
        let id = resource.id.to_string();
        writeln!(told, "{id}").unwrap();
        for line in shown(&resources, &id).lines() {
            writeln!(told, "  {line}").unwrap();
        }
        for first in &resource.after {
            writeln!(told, "  after {first}").unwrap();
        }
    }
    insta::assert_snapshot!("settings", told);
}

#[test]
fn single_sign_on_needs_a_system() {
    insta::assert_snapshot!(
        "no_auth",
        findings("stack home\napp tv module=plain { sso proxy; }\n")
    );
}
