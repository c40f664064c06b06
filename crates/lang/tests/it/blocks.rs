//! Each block of a stack: written right, and written wrong in every way its declaration knows.

use stackctl_lang::top_level;

use crate::memory::said;

/// A block and lines of it that are right, with whatever they name.
const RIGHT: [(&str, &str); 16] = [
    ("alerts", "alerts { storage warning=\"75%\"; transcoding queue=10 duration=\"30m\"; }"),
    ("app", "app tv module=jellyfin { whatever 1 a=2; }"),
    (
        "auth",
        "auth authentik url=\"https://auth.example.com\" token=(sops)\"s.yaml#token\" { group users; }",
    ),
    ("backup", "backup nightly \"@daily\" keep=3 target=\"nfs://10.0.0.2:/b\""),
    ("cluster", "cluster context=home"),
    (
        "defaults",
        "defaults { node optional=#true { package nfs-common; }; app { sso #false; }; gateway class=cilium; }\ngateway a",
    ),
    (
        "gateway",
        "gateway a class=cilium address=\"10.0.0.4\" { https \"*.example.com\" issuer=le; http \"a.example.com\"; }",
    ),
    ("group", "group g { cpu 1; app a; app b; }"),
    ("include", ""),
    (
        "manifest",
        "manifest \"a.yaml\" after=app.x\nmanifest \"b.yaml\" { after app.x \"deployment/media/*\"; }",
    ),
    (
        "node",
        "node n.lan ssh=nas optional=#true { gpu intel; gpu nvidia \"/dev/nvidia0\"; sysctl { vm.swappiness 1; net.x \"4 5\"; }; label a \"b\"; taint \"gpu=yes\" NoSchedule; kernel-module iscsi_tcp dm_crypt; service iscsid; mount \"/srv\" \"nas:/srv\"; longhorn-host #false; }",
    ),
    (
        "ownership",
        "ownership { yield \"spec.replicas\" on=\"deployment/media/*\"; fail data; take \"*\"; }",
    ),
    (
        "secret",
        "secret s { A (env)X; \"tls.crt\" (file)\"c.crt\"; B (exec)\"op read x\"; C (generate)\"hex=32\"; }",
    ),
    ("stack", ""),
    (
        "storage-class",
        "storage-class a replicas=2 budget=\"1Ti\" reclaim=Delete default=#true provisioner=\"x.io/y\" { parameters { staleReplicaTimeout \"30\"; }; }",
    ),
    ("volume", "volume v \"1Ti\" class=elsewhere access=ReadOnlyMany nfs=\"nfs://10.0.0.2/media\""),
];

#[test]
fn every_block_has_a_case() {
    let names: Vec<_> = top_level().into_iter().map(|knob| knob.name).collect();
    let cases: Vec<_> = RIGHT.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, cases);
}

/// Each block, with a mistake that only its own declaration or check can see.
const WRONG: [(&str, &str); 16] = [
    ("alerts", "alerts { storage warning=\"175%\"; }"),
    ("app", "app tv modul=jellyfin"),
    ("auth", "auth keycloak"),
    ("backup", "backup nightly \"@daily\" target=\"nfs://10.0.0.2\""),
    ("cluster", "cluster contxt=home"),
    ("defaults", "defaults { app colour=red; }"),
    ("gateway", "gateway a"),
    ("group", "group g { cpu 1; }"),
    ("include", "include"),
    ("manifest", "manifest \"a.yaml\" after=\"a b\""),
    ("node", "node n { sysctl { vm.swappiness; }; }"),
    ("ownership", "ownership { fail \"b\" on=\"a b\"; }"),
    ("secret", "secret s { A 1; }"),
    ("stack", "stack other"),
    ("storage-class", "storage-class a replicas=0"),
    ("volume", "volume v \"1Ti\" nfs=\"nfs://10.0.0.2\""),
];

#[test]
fn blocks_written_wrong_are_told() {
    let names: Vec<_> = WRONG.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, RIGHT.map(|(name, _)| name));
    for (name, text) in WRONG {
        assert_ne!(said(&format!("stack x\n{text}\n")), "", "{name}");
    }
}

#[test]
fn every_block_has_a_section_in_the_language() {
    let text = include_str!("../../../../docs/language.md");
    let titles: Vec<_> = text.lines().filter_map(|line| line.strip_prefix("## ")).collect();
    for block in top_level() {
        let is_its_own = |title: &&str| title.split(", ").any(|word| word == block.name);
        assert!(titles.iter().any(is_its_own), "docs/language.md has no section {}", block.name);
    }
}

/// One export, whoever mounts it, and however it is written.
#[test]
fn an_export_is_read_once() {
    for host in ["nas", "nas:", "[fd00::20]"] {
        let text = format!(
            "stack x\nvolume v \"1Ti\" nfs=\"nfs://{host}/x\"\nbackup b \"@daily\" target=\"nfs://{host}/x\"\n"
        );
        let (stack, findings, _) = crate::memory::stack(&text);
        assert_eq!(findings, []);
        let stack = stack.unwrap();
        let export = &stack.volumes[0].nfs.as_ref().unwrap().value;
        assert_eq!(export.host, host.trim_matches(['[', ']', ':']));
        assert_eq!(export.path, "/x");
        let target = &stack.backups[0].target.as_ref().unwrap().value;
        assert_eq!(target.to_string(), export.to_string());
    }
}

#[test]
fn blocks_written_right_are_silent() {
    for (name, text) in RIGHT {
        assert_eq!(said(&format!("stack x\n{text}\n")), "", "{name}");
    }
}

#[test]
fn every_declaration_has_a_doc() {
    fn all(knobs: &[stackctl_lang::Knob], path: &str, missing: &mut Vec<String>) {
        for knob in knobs {
            let path = format!("{path}.{}", knob.name);
            if knob.doc.is_empty() || knob.doc.ends_with('.') {
                missing.push(path.clone());
            }
            for part in [&knob.shape.args, &knob.shape.props, &knob.shape.children] {
                all(part, &path, missing);
            }
        }
    }
    let mut missing = Vec::new();
    all(&top_level(), "", &mut missing);
    assert_eq!(missing, [""; 0]);
}

#[test]
fn the_stack_line_written_wrong() {
    insta::assert_snapshot!(said(
        "stack Home_Lab domain=\"https://Lab.example.com\" timezone=\"Europe/Olso\" namespace=a_b colour=red extra\nstack other\n"
    ));
    insta::assert_snapshot!(said("app jellyfin\n"));
}

#[test]
fn ownership_written_wrong() {
    insta::assert_snapshot!(said(
        "stack x\nownership { yeld \"a\"; take; fail \"b\" on=\"a b\" of=c; }\nownership\n"
    ));
}

#[test]
fn nodes_written_wrong() {
    insta::assert_snapshot!(said(
        "stack x
node nuc-01 ssh=\"-oProxyCommand=x\" optional=yes {
    gpu intel dev/dri
    sysctl { vm.swappiness; net.x 1 2; vm.swappiness 3; }
    sysctls { a 1; }
    taint gpu
    label
}
node nuc-01
node
defaults { node { longhorn-hots; }; nod { }; }
"
    ));
}

#[test]
fn storage_written_wrong() {
    insta::assert_snapshot!(said(
        "stack x
storage-class fast replicas=two budget=\"100GB\" reclaim=Keep backup=nightli default=#true
storage-class slow replicas=0 default=#true { parameters { a; }; }
backup nightly 0 2 * * * keep=14
backup weekly \"0 2 * * 7\" target=\"10.0.0.2:/b\"
volume library class=fsat access=RWX
volume photos \"500\" \"600\" nfs=\"nfs://10.0.0.2\"
volume photos \"1Ti\"
"
    ));
}

#[test]
fn ways_in_written_wrong() {
    insta::assert_snapshot!(said(
        "stack x
gateway external address=\"10.0.0.400\" {
    https \"*.Lab.example.com\" issuer=letsencrypt
    https \"*.lab.example.com\"
    https \"*.lab.example.com\"
    htps \"a.example.com\"
}
auth keycloak url=auth.example.com token=\"hunter2\" group=users
"
    ));
}

#[test]
fn apps_and_groups_written_wrong() {
    insta::assert_snapshot!(said(
        "stack x
app jellyfin { cpu 1; }
app jellyfin modul=jellyfin
app
app Jelly module=a_b
group arr {
    app sonarr
    app jellyfin
    group inner { app radarr; }
}
group empty { cpu 1; }
group { app bazarr; }
"
    ));
}

#[test]
fn secrets_and_manifests_written_wrong() {
    insta::assert_snapshot!(said(
        "stack x
secret s {
    PASSWORD \"hunter2\"
    TOKEN hunter/2
    PIN 1234
    \"a b\" (env)X
    KEY (evn)X
    HASH (sops)\"file\"
    SALT (generate)\"hex=4\"
    NOTHING
    KEY (env)Y
}
manifest
manifest \"a.yaml\" after=\"a b\" befor=b
alerts { storage warning=75 critical=\"175%\"; transcoding queue=ten duration=\"30\"; }
"
    ));
}

#[test]
fn what_is_a_secret_is_never_repeated() {
    let text = "stack x\nauth authentik token=\"hunter2\"\nauth authentik token=hunter2/x\nsecret s { A \"hunter2\"; B hunter2\\x; password=hunter2; }\nauth authentik token=a(hunter2)\nauth authentik token=hunter2=x\n";
    let (_, findings, sources) = crate::memory::stack(text);
    let shown = crate::memory::shown(&findings, &sources);
    assert!(shown.matches("secret-in-text").count() >= 5, "{shown}");
    assert!(!shown.contains("hunter2"), "{shown}");
}
