//! Zero trust: what passes is what the stack declares.

use crate::lab::{Lab, findings, shown, sound, sound_lab};

const HOME: &str = r#"stack home domain="lab.example.com"
gateway external class=cilium { https "*.lab.example.com" issuer=letsencrypt; }
auth authentik url="https://auth.lab.example.com" token=(env)TOKEN { group users; }
defaults { app { network zero-trust; expose gateway=external; }; }
"#;

fn policy(apps: &str, app: &str) -> String {
    shown(&sound(&format!("{HOME}{apps}")), &format!("ciliumnetworkpolicy/home/{app}"))
}

#[test]
fn an_app_alone_is_reached_through_the_gateway_and_asks_for_names() {
    insta::assert_snapshot!("alone", policy("app tv module=plain { port 8096; }\n", "tv"));
}

#[test]
fn an_app_that_is_not_exposed_lets_nobody_in() {
    insta::assert_snapshot!("closed", policy("app tv module=plain { expose #false; }\n", "tv"));
}

#[test]
fn a_wire_opens_both_ends_at_the_pods_port() {
    let apps = "app sonarr module=plain { port 8989; download torrents; expose #false; }
app torrents module=plain { port 8080; listen peers 6881 protocol=UDP; expose #false; }
app prowlarr module=plain { port 9696; indexes sonarr; expose #false; }
";
    insta::assert_snapshot!("sonarr", policy(apps, "sonarr"));
    insta::assert_snapshot!("torrents", policy(apps, "torrents"));
    insta::assert_snapshot!("prowlarr", policy(apps, "prowlarr"));
}

#[test]
fn what_lies_outside_is_a_network_a_host_or_the_web() {
    let apps = r#"app tv module=plain {
    expose #false
    internet
    sso oidc users
    reach "0.0.0.0/0" except="10.0.0.0/8"
    reach "10.0.0.9" "10.0.0.10" port=1883
    reach "api.example.com"
    reach "*.example.org" port=8443
}
"#;
    insta::assert_snapshot!("outside", policy(apps, "tv"));
}

#[test]
fn a_scan_reaches_its_app_and_nothing_else() {
    let apps = "app tv module=plain { port 8096; scan \"30 4 * * *\"; metrics port=9594; }\n";
    insta::assert_snapshot!("scanned", policy(apps, "tv"));
    insta::assert_snapshot!("scan", policy(apps, "tv-scan"));
}

#[test]
fn a_service_of_its_own_address_is_open_to_the_world_at_its_ports() {
    let apps = "app tv module=plain { expose #false; listen dlna 1900 protocol=UDP; service type=LoadBalancer; }\n";
    insta::assert_snapshot!("load_balancer", policy(apps, "tv"));
}

#[test]
fn an_open_app_has_no_policy() {
    let resources = sound("stack home\napp tv module=plain { network open; }\n");
    assert!(!resources.iter().any(|resource| resource.id.to_string().starts_with("cilium")));
}

#[test]
fn reaching_for_nobody_is_an_error_with_a_suggestion() {
    insta::assert_snapshot!(
        "nobody",
        findings("stack home\napp jellyfin module=plain\napp tv module=plain { reach jelyfin; }\n")
    );
}

#[test]
fn a_modules_own_word_for_an_app_is_a_wire_too() {
    let module = r#"module paperless extends=plain {
    doc "Names an app in words of its own"
    knob broker type="ref<app>" doc="Queue"
    knob mail type=block doc="Mail" { prop server type="ref<app>" doc="Server"; }
}
"#;
    let stack = "stack home
defaults { app { network zero-trust; }; }
app papers module=paperless { broker queue; mail server=post; }
app queue module=plain { port 6379; }
app post module=plain { port 25; }
";
    let lab = Lab::new(stack).with("modules/paperless/module.kdl", module);
    let resources = sound_lab(&lab);
    insta::assert_snapshot!("own_words", shown(&resources, "ciliumnetworkpolicy/home/papers"));
    insta::assert_snapshot!("own_words_there", shown(&resources, "ciliumnetworkpolicy/home/queue"));
}
