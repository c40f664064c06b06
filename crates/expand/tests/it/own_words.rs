//! What a module declares of its own words holds without a line of Rust that knows them.

use serde_json::{Value, json};
use stackctl_model::{Desired, Resource};

use crate::lab::{Lab, shown, sound_lab, told};

const MODULE: &str = r#"module paperless extends=app {
    doc "Documents"
    set image "example.com/paperless:2"
    set port 8000
    set volume config "1Gi"
    knob partners wire=both setting=partner doc="Apps it exchanges documents with" {
        arg apps type="list<ref<app>>" required=#true doc="Apps of this stack"
        prop path type=path doc="Where"
    }
    knob readers type="ref<app>" wire=from doc="Who reads from it"
    knob stats opens-from=observability doc="Numbers" { prop port type=port default=9100 doc="Their port"; }
    knob health-port type=port opens-from=monitoring doc="Health"
    knob verbose type=bool default=#false env="PAPERLESS_LOG=debug" doc="Says more"
    knob workers type=integer env=PAPERLESS_WORKERS doc="How many"
    knob import pods=import type=cron doc="When to import"
}
"#;

const STACK: &str = "stack home
defaults { app { network zero-trust; }; }
app papers module=paperless {
    partners mail path=\"/mail\"
    readers search
    stats
    health-port 9200
    verbose
    workers 3
    import \"0 4 * * *\"
}
app mail module=app { image \"example.com/mail:1\"; port 25; }
app search module=app { image \"example.com/search:1\"; port 9000; }
";

fn lab() -> Lab {
    Lab::new(STACK).with("modules/paperless/module.kdl", MODULE)
}

fn object(resources: &[Resource], id: &str) -> Value {
    let resource = resources.iter().find(|resource| resource.id.to_string() == id).expect(id);
    let Desired::Object(object) = &resource.desired else { panic!("{id} is no object") };
    object.value.clone()
}

/// The ports that a rule of a policy opens, by the peer it names.
fn opened<'v>(policy: &'v Value, side: &str, peer: &str) -> Vec<&'v Value> {
    let rules = policy["spec"][side].as_array().into_iter().flatten();
    let named = rules.filter(|rule| rule.to_string().contains(&format!("\"{peer}\"")));
    named.map(|rule| &rule["toPorts"][0]["ports"][0]["port"]).collect()
}

#[test]
fn a_new_word_connects_both_ways_or_from_the_other() {
    let resources = sound_lab(&lab());
    let papers = object(&resources, "ciliumnetworkpolicy/home/papers");
    let mail = object(&resources, "ciliumnetworkpolicy/home/mail");
    let search = object(&resources, "ciliumnetworkpolicy/home/search");
    assert_eq!(opened(&papers, "egress", "mail"), [&json!("25")]);
    assert_eq!(opened(&papers, "ingress", "mail"), [&json!("8000")]);
    assert_eq!(opened(&mail, "egress", "papers"), [&json!("8000")]);
    assert_eq!(opened(&search, "egress", "papers"), [&json!("8000")]);
    assert_eq!(opened(&search, "ingress", "papers"), [] as [&Value; 0]);
}

#[test]
fn a_new_word_opens_its_port_to_a_namespace() {
    let resources = sound_lab(&lab());
    let papers = object(&resources, "ciliumnetworkpolicy/home/papers");
    assert_eq!(opened(&papers, "ingress", "observability"), [&json!("9100")]);
    assert_eq!(opened(&papers, "ingress", "monitoring"), [&json!("9200")]);
}

#[test]
fn a_new_word_has_pods_of_its_own_and_is_a_setting_inside_the_app() {
    let resources = sound_lab(&lab());
    let import = object(&resources, "ciliumnetworkpolicy/home/papers-import");
    assert_eq!(opened(&import, "egress", "papers"), [&json!("8000")]);
    let setting = shown(&resources, "app/papers/partner/mail");
    assert!(setting.contains("/mail") && setting.contains("25"), "{setting}");
}

#[test]
fn a_new_word_sets_a_variable() {
    let resources = sound_lab(&lab());
    let workload = object(&resources, "deployment/home/papers");
    assert_eq!(
        workload["spec"]["template"]["spec"]["containers"][0]["env"],
        json!([
            {"name": "PAPERLESS_LOG", "value": "debug"},
            {"name": "PAPERLESS_WORKERS", "value": "3"},
        ])
    );
}

#[test]
fn a_knob_declared_anew_keeps_what_it_does() {
    let module = "module notes extends=paperless {
    doc \"Notes\"
    knob partners doc=\"Others\" { arg apps type=\"list<ref<app>>\" doc=\"Apps\"; }
}
";
    let stack = STACK.replace("module=paperless", "module=notes").replace(" path=\"/mail\"", "");
    let lab = Lab::new(&stack)
        .with("modules/paperless/module.kdl", MODULE)
        .with("modules/notes/module.kdl", module);
    let mail = object(&sound_lab(&lab), "ciliumnetworkpolicy/home/mail");
    assert_eq!(opened(&mail, "egress", "papers"), [&json!("8000")]);
}

#[test]
fn claims_come_with_the_names_they_were_built_from() {
    let expansion = lab().expand();
    let [claim] = expansion.claims.as_slice() else { panic!("{:?}", expansion.claims) };
    let names = [&claim.app, &claim.volume, &claim.name, &claim.size].map(String::as_str);
    assert_eq!(names, ["papers", "config", "papers-config", "1Gi"]);
    assert_eq!(claim.origin.line, 3, "only the module names the volume, so the app asks for it");
}

#[test]
fn a_knob_named_like_a_ready_made_part_is_an_error_where_it_is_declared() {
    let module = "module odd extends=app {
    doc \"Odd\"
    set image \"example.com/odd:1\"
    knob pod-labels type=text doc=\"Labels\"
}
";
    let lab = Lab::new("stack home\napp odd\n").with("modules/odd/module.kdl", module);
    let findings = lab.expand().findings;
    let [finding] = findings.as_slice() else { panic!("{}", told(&findings)) };
    assert_eq!(finding.code, "reserved-name");
    assert_eq!(finding.span().unwrap().start, module.find("pod-labels").unwrap());
}

#[test]
fn a_module_extends_the_one_whose_place_it_takes() {
    let lab = Lab::new("stack home\napp sonarr { team tv; }\napp jellyfin { library films; }\n")
        .with(
            "modules/app/module.kdl",
            "module app extends=app {
    doc \"The base of this house\"
    knob team type=text default=home doc=\"Who cares for it\"
    template \"workload.yaml.tera\"
}
",
        )
        .with(
            "modules/app/workload.yaml.tera",
            "{% extends \"app/workload.yaml.tera\" %}
{% block volumes %}
        - { name: \"of-{{ team }}\", emptyDir: {} }
{% endblock %}
",
        )
        .with(
            "modules/jellyfin/module.kdl",
            "module jellyfin extends=jellyfin {
    doc \"Films\"
    knob library type=text doc=\"Which\"
    set volume cache \"50Gi\"
}
",
        );
    let resources = sound_lab(&lab);
    let sonarr = object(&resources, "deployment/home/sonarr").to_string();
    assert!(sonarr.contains("of-tv"), "what extends the base has the new one: {sonarr}");
    let jellyfin = object(&resources, "deployment/home/jellyfin").to_string();
    assert!(
        jellyfin.contains("jellyfin:10"),
        "what it does not say is the built-in one's: {jellyfin}"
    );
    let cache = object(&resources, "persistentvolumeclaim/home/jellyfin-cache");
    assert_eq!(cache["spec"]["resources"]["requests"]["storage"], "50Gi");
}
