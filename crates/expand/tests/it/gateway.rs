//! Ways in, and whether apps can use them.

use crate::lab::{findings, shown, sound};

const DOORS: &str = r#"gateway external class=cilium address="10.0.0.40" {
    https "*.lab.example.com" issuer=letsencrypt
    http "lab.example.com"
}
"#;

#[test]
fn each_door_is_a_listener_with_its_own_certificate() {
    let resources = sound(&format!("stack home namespace=media\n{DOORS}"));
    insta::assert_snapshot!("gateway", shown(&resources, "gateway/media/external"));
}

#[test]
fn doors_that_cannot_work_are_said() {
    insta::assert_snapshot!(
        "bad_doors",
        findings(
            r#"stack home
gateway empty class=cilium
gateway mixed class=cilium {
    https "a.example.com" issuer=one
    https "b.example.com" issuer=two
    https "c.example.com"
}
"#
        )
    );
}

#[test]
fn a_certificate_of_ones_own_is_a_secret_of_its_listeners_name() {
    let resources = sound(
        r#"stack home
gateway external class=cilium { https "tv.example.com"; }
secret external-tv-example-com-tls { tls.crt (file)"tls.crt"; tls.key (env)TLS_KEY; }
"#,
    );
    insta::assert_snapshot!(
        "tls_secret",
        shown(&resources, "secret/home/external-tv-example-com-tls")
    );
}

#[test]
fn hosts_that_read_alike_have_names_of_their_own() {
    let resources = sound(
        r#"stack home
gateway external class=cilium {
    http "a-b.example.com"
    http "a.b.example.com"
    https "a.b.example.com" issuer=one
}
"#,
    );
    let gateway = shown(&resources, "gateway/home/external");
    for name in ["http-a-b-example-com\n", "http-a-b-example-com-2\n", "https-a-b-example-com-2\n"]
    {
        assert!(gateway.contains(name), "{name} in {gateway}");
    }
}
