//! Modules: their declarations, and blocks checked against them.

use stackctl_lang::{Knob, LayerKind, Sources, check_blocks, read_module};

use crate::memory::{Memory, said_of_module, shown, stack};

const MODULE: &str = r#"
module app {
    doc "A container"
    knob image type=image required=#true doc="Container image"
    knob port type=port default=8080 doc="The port"
    knob cpu type="range<quantity>" doc="request..limit"
    knob metrics type=bool doc="Scraped"
    knob ports type="list<port>" doc="More ports"
    knob kind type="Deployment|StatefulSet" default=Deployment doc="Workload"
    knob api-key type=secret default=(generate)"hex=32" doc="Key"
    knob schedule type=cron doc="When"
    knob volume repeat=#true doc="A volume" {
        arg name type=name required=#true doc="Its name"
        arg size type=quantity doc="How large"
        prop class type="ref<storage-class>" doc="Class"
        prop read-only type=bool default=#false doc="Not written"
    }
    knob mount repeat=#true doc="A shared volume" {
        arg volume type="ref<volume>" required=#true doc="Which"
        arg path type=path required=#true doc="Where"
    }
    knob env doc="Environment" { props-open; }
    knob reach type="list<ref<app>>" repeat=#true doc="Whom it talks to"
    knob gpu doc="A GPU" {
        arg class type="ref<gpu>" required=#true
        prop tone-mapping type=bool
    }
    knob sso doc="Login" {
        arg mode type="proxy|oidc" required=#true
        arg groups type="list<ref<group>>"
    }
    knob probe repeat=#true doc="Health" {
        arg kind type="liveness|readiness" required=#true
        prop every type=duration
        child header repeat=#true { arg name type=text required=#true; arg value type=text; }
    }
    knob patch repeat=#true doc="Patch" { arg kind type=text required=#true; children-open; }
}
"#;

fn knobs() -> Vec<Knob> {
    let mut sources = Sources::default();
    let (module, findings) =
        read_module(&Memory::of([("module.kdl", MODULE)]), "module.kdl", &mut sources);
    assert_eq!(shown(&findings, &sources), "");
    module.unwrap().knobs
}

/// What is said of the lines of an app in a stack with a volume, a GPU, a group of users and another app.
fn checked(lines: &str) -> String {
    let text = format!(
        "stack x\nnode n {{ gpu intel; }}\nstorage-class fast\nvolume library \"1Ti\"\nauth authentik {{ group users; }}\napp other\napp tv {{\n{lines}\n}}\n"
    );
    let (stack, findings, sources) = stack(&text);
    let stack = stack.unwrap();
    let own = &stack.apps[1].layers[0];
    assert_eq!(own.kind, LayerKind::Own);
    let more = check_blocks(&own.blocks, &knobs(), &stack.names);
    shown(&findings, &sources) + &shown(&more, &sources)
}

#[test]
fn lines_that_fit_are_silent() {
    let lines = r#"
        image "ghcr.io/a/b:1"; port 80; cpu "500m..2"; metrics; ports 1 2 3; kind StatefulSet; api-key (env)KEY
        schedule "30 4 * * *"; volume config "10Gi" class=fast read-only=#true; volume cache; mount library "/media"
        mount library "/data"; env A=1 B="x" C=#true D=(env)D; reach other; gpu intel tone-mapping=#true
        sso oidc users; probe liveness every="10s" { header A "b"; header C "d"; }; patch deployment { spec { x 1; }; }
        patch deployment { spec { y 1; }; }
    "#;
    assert_eq!(checked(lines), "");
    assert_eq!(
        checked("image \"a:1\"; sso #false; gpu #false; cpu 2; volume config #false"),
        "stack.kdl:8:59 wrong-type: #false is not a quantity ⟨#false⟩\n    Write \"10Gi\".\n"
    );
}

#[test]
fn lines_that_do_not_fit_are_told_each_with_a_way_out() {
    insta::assert_snapshot!(checked(
        r#"
    imagee "a:1"
    port "8096" 2
    port 70000
    cpu "2..500m"
    metrics yes
    ports 1 x
    kind deployment
    api-key "hunter2"
    schedule "0 2 * *"
    schedule 0 2 * * *
    volume config "10GB" clas=fast
    volume config "5Gi" class=fsat
    volume
    mount libary "media"
    env PASSWORD="hunter2" A=#null
    reach othr nobody
    gpu amd
    sso basic users guests
    probe liveness evry="10s" { heder A; header; }
    probe liveness
    metrics { deep 1; }
    patch
"#
    ));
}

#[test]
fn a_module_written_wrong() {
    insta::assert_snapshot!(said_of_module(
        r#"
module Tv extend=app {
    dok "x"
    doc
    knob image tpye=image
    knob port type=prot default=0
    knob cpu type="range<quantty>" required=#true default="1"
    knob port2 type=port default=70000 required=yes
    knob image type=image
    knob
    knob shape { arg; arg x type=text; child y { prop z type=bool; nothing; }; }
    knob flat type=text { arg x type=text; }
    set
    set port 500m
    template "../x.yaml" when
    template
    patch
}
module other
app tv
"#
    ));
    insta::assert_snapshot!(said_of_module("// nothing\n"));
}

#[test]
fn what_a_knob_does_is_checked_where_it_is_declared() {
    let module = r#"module m {
    knob image type=image wire=to
    knob peer type="ref<app>" wire=bth
    knob peers doc="x" wire=both pod=x { arg apps type="list<ref<app>>" wire=to; }
    knob stats type=block opens-from="Not A Name"
    knob mail type="ref<app>" setting="Mail Server"
    knob many type="list<text>" env=MANY
    knob odd type=text env="a b=c"
    knob env type=block secret-keys=bare
}
"#;
    let said = said_of_module(module);
    assert_eq!(said.matches("wrong-effect").count(), 5, "{said}");
    assert_eq!(said.matches("unknown-property").count(), 2, "{said}");
    assert!(said.contains("Did you mean `both`?"), "{said}");
    assert!(said.contains("Did you mean `pods`?"), "{said}");
}

#[test]
fn sets_are_blocks_named_after_their_knob() {
    let text = "module m extends=app { set env TZ=\"{{ stack.timezone }}\" KEY=(knob)api-key; set security { a #true; }; template \"a\" \"b\" when=expose; }";
    let (module, findings) = read_module(&Memory::of([("m", text)]), "m", &mut Sources::default());
    assert_eq!(findings, []);
    let module = module.unwrap();
    let sets: Vec<_> = module
        .sets
        .iter()
        .map(|set| (set.name.value.as_str(), set.props.len(), set.children.len()))
        .collect();
    assert_eq!(sets, [("env", 2, 0), ("security", 0, 1)]);
    let templates: Vec<_> = module
        .templates
        .iter()
        .map(|template| (template.file.value.as_str(), template.when.is_some()))
        .collect();
    assert_eq!(templates, [("a", true), ("b", true)]);
}
