//! Templates: whatever a value contains, it arrives as it is; a mistake names template, line and app.

use std::fmt::Write as _;

use proptest::prelude::{Strategy, any, prop_assert_eq, proptest};
use stackctl_expand::{Library, expand};
use stackctl_lang::{Block, Layer, LayerKind, Sources, Value, read_stack};
use stackctl_model::{Desired, Span, Spanned};

use crate::lab::Lab;

const MODULE: &str = r#"module odd {
    doc "A value in every place"
    knob text type=text default="" doc="Text"
    knob number type=integer default=7 doc="Number"
    knob pairs doc="Pairs" { props-open; }
    knob items type="list<text>" doc="Items"
    template "odd.yaml.tera"
}
"#;

/// The places a value can stand in.
const PLACES: &str = r#"apiVersion: v1
kind: ConfigMap
metadata: { name: odd }
data:
  plain: {{ text }}
  double: "{{ text }}"
  single: '{{ text }}'
  before: pre-{{ text }}
  after: {{ text }}-post
  joined: {{ "pre-" ~ text }}
  flow: { a: {{ text }}, b: [{{ text }}] }
  list:
    - {{ text }}
  block: |
    a {{ text }}
    b
  captured: {{ captured }}
  {{ text ~ "-key" }}: key
  map: {{ pairs.values }}
  items: {{ items }}
{% for item in items %}  item-{{ loop.index }}: {{ item }}
{% endfor %}
  number: {{ number }}
  number_text: "{{ number }}"
  # a comment {{ text }}
"#;

fn lab(template: &str) -> Lab {
    let template = format!("{{% set captured %}}<{{{{ text }}}}>{{% endset %}}\n{template}");
    Lab::new("stack s\napp odd\n")
        .with("modules/odd/module.kdl", MODULE)
        .with("modules/odd/odd.yaml.tera", &template)
}

fn at<T>(value: T) -> Spanned<T> {
    Spanned::new(value, Span::default())
}

/// What the template makes of a text, without the text passing through KDL first.
fn rendered(text: &str) -> serde_json::Value {
    let lab = lab(PLACES);
    let mut sources = Sources::default();
    let (stack, _) = read_stack(&lab, "stack.kdl", &mut sources);
    let (library, _) = Library::with_folder(&lab, "modules", &mut sources);
    let mut stack = stack.unwrap();
    let value = || at(Value::Text(text.to_owned()));
    let block = |word: &str, args: Vec<Spanned<Value>>| Block {
        name: at(word.to_owned()),
        args,
        props: Vec::new(),
        children: Vec::new(),
        span: Span::default(),
    };
    let mut pairs = block("pairs", Vec::new());
    pairs.props.push((at(format!("k{text}")), value()));
    stack.apps[0].layers.push(Layer {
        kind: LayerKind::Own,
        blocks: vec![block("text", vec![value()]), pairs, block("items", vec![value(), value()])],
    });
    let expansion = expand(&stack, &library, &lab, &mut sources);
    let made = expansion.resources.iter().find(|one| one.id.to_string() == "configmap/s/odd");
    match &made.expect("the object is made").desired {
        Desired::Object(object) => object.value["data"].clone(),
        Desired::Setting(_) | Desired::OnNode(_) => unreachable!("a ConfigMap is an object"),
    }
}

fn expected(text: &str) -> serde_json::Value {
    let mut data = serde_json::json!({
        "plain": text, "double": text, "single": text,
        "before": format!("pre-{text}"), "after": format!("{text}-post"),
        "joined": format!("pre-{text}"), "flow": {"a": text, "b": [text]}, "list": [text],
        "block": format!("a {text}\nb\n"), "captured": format!("<{text}>"),
        "map": {format!("k{text}"): text}, "items": [text, text],
        "item-1": text, "item-2": text, "number": 7, "number_text": "7",
    });
    data[format!("{text}-key")] = "key".into();
    data
}

fn hostile() -> impl Strategy<Value = String> {
    let nasty = proptest::sample::select(vec![
        "\n",
        "\r\n",
        "---\n",
        "\"",
        "'",
        "\\",
        ": ",
        "- ",
        "#",
        "{{ x }}",
        "{% if %}",
        "&a",
        "*a",
        "!!int ",
        "|",
        ">",
        "? ",
        "[",
        "]",
        "{",
        "}",
        ",",
        "\t",
        "null",
        "~",
        "yes",
        "1e3",
        "0x1F",
        "\u{7f}",
        "\u{85}",
        "\u{2028}",
        "\u{feff}",
        "\u{fffe}",
        "\u{e000}",
        "\u{e000}0\u{e001}",
        "\u{e002}a",
        "\u{0}",
        "\u{10ffff}",
        "%YAML",
        "...\n",
        "é",
    ]);
    proptest::collection::vec(
        proptest::prop_oneof![nasty.prop_map(str::to_owned), any::<char>().prop_map(String::from)],
        0..12,
    )
    .prop_map(|parts| parts.concat())
}

proptest! {
    #[test]
    fn no_value_breaks_or_injects_anything(text in hostile()) {
        prop_assert_eq!(rendered(&text), expected(&text));
    }
}

/// Findings with the place of every place.
fn mistakes(template: &str) -> String {
    let lab = lab(template);
    let mut sources = Sources::default();
    let (stack, _) = read_stack(&lab, "stack.kdl", &mut sources);
    let (library, mut findings) = Library::with_folder(&lab, "modules", &mut sources);
    findings.extend(expand(&stack.unwrap(), &library, &lab, &mut sources).findings);
    let mut told = String::new();
    for finding in findings {
        writeln!(told, "{}: {}", finding.code, finding.message).unwrap();
        for place in &finding.places {
            let span = place.at.span().unwrap();
            let text = &sources.get(span.source).unwrap().text;
            let shown = text.get(span.start..span.end).unwrap_or("?!");
            writeln!(told, "  {} `{shown}` {}", sources.origin(span), place.words).unwrap();
        }
        for help in &finding.help {
            writeln!(told, "  {help}").unwrap();
        }
    }
    told
}

#[test]
fn a_mistake_names_template_line_and_app() {
    let head = "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: odd }\n";
    let mut told = String::new();
    for body in [
        "data: { a: {{ txet }} }\n",
        "data: { a: {{ pairs.nope }} }\n",
        "data: { a: {{ text | nofilter }} }\n",
        "data: { a: {{ text | safe }} }\n",
        "data: { a: {{ text }\n",
        "data:\n  a: {{ text }}\n bad: [{{ number }}\n",
        "data:\n  a: 1\n  a: 2\n",
        "data: { a: pre-{{ pairs }} }\n",
        "data: { a: {{ captured | truncate(length=2) }} }\n",
        "data: { a: {{ get_env(name=\"HOME\") }} }\n",
        "{% include \"/etc/passwd\" %}\n",
        "data: { a: \u{e000} }\n",
    ] {
        writeln!(told, "── {}", body.trim().replace('\u{e000}', "U+E000")).unwrap();
        told += &mistakes(&format!("{head}{body}"));
    }
    told += "── no name\n";
    told += &mistakes("apiVersion: v1\nkind: ConfigMap\n");
    insta::assert_snapshot!("template_mistakes", told);
}

/// Run with `cargo test --release -p stackctl-expand -- --ignored --nocapture fast`.
#[test]
#[ignore = "a measurement"]
fn ten_thousand_resources_are_fast() {
    let mut text = String::from(
        "stack big domain=\"example.com\"\ngateway g class=cilium { http \"*.example.com\"; }\n\
         storage-class longhorn\nvolume library \"1Ti\"\n\
         defaults { app { network zero-trust; expose; mount library \"/data\"; }; }\n",
    );
    for number in 0..1112 {
        writeln!(text, "app sonarr-{number} module=sonarr {{ cpu \"1..2\"; volume more \"1Gi\" class=longhorn; metrics; }}")
            .unwrap();
    }
    let lab = Lab::new(&text);
    let mut sources = Sources::default();
    let clock = || std::time::Instant::now();
    let start = clock();
    let (stack, findings) = read_stack(&lab, "stack.kdl", &mut sources);
    let read = start.elapsed();
    let (library, more) = Library::with_folder(&lab, "modules", &mut sources);
    let loaded = start.elapsed();
    let expansion = expand(&stack.unwrap(), &library, &lab, &mut sources);
    let all = start.elapsed();
    let found = findings.len() + more.len() + expansion.findings.len();
    println!(
        "{} resources, {found} findings: read {read:?}, library {:?}, expand {:?}",
        expansion.resources.len(),
        loaded.checked_sub(read).unwrap(),
        all.checked_sub(loaded).unwrap(),
    );
}
