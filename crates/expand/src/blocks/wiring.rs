//! What apps are told of each other through their own APIs: one setting per line that says so.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};
use stackctl_lang::{Block, Value};
use stackctl_model::ResourceId;

use super::made::Made;
use crate::ExpandedApp;

/// Lines whose arguments are apps, and what each of these is called inside the app that has the line.
const TOLD: [(&str, &str); 3] =
    [("download", "download-client"), ("indexes", "application"), ("subtitles", "subtitles")];

pub(super) fn make(made: &mut Made<'_>) {
    for app in made.apps {
        for (word, setting) in TOLD {
            for block in app.said(word) {
                tell(made, app, setting, block);
            }
        }
        for block in app.said("database") {
            let id = setting_id(app, "database/upkeep");
            made.setting_of(id, Some(&app.name), block.span, attributes(block));
        }
    }
}

fn tell(made: &mut Made<'_>, app: &ExpandedApp, setting: &str, block: &Block) {
    for other in block.args.iter().filter_map(|arg| arg.value.as_text()) {
        let mut told = attributes(block);
        told.remove("of");
        let port = made.app(other).and_then(ExpandedApp::port);
        told.insert("host".to_owned(), json!(other));
        if let Some(port) = port {
            told.insert("port".to_owned(), json!(port));
        }
        let id = setting_id(app, &format!("{setting}/{other}"));
        made.setting_of(id, Some(&app.name), block.span, told);
    }
}

fn setting_id(app: &ExpandedApp, setting: &str) -> ResourceId {
    ResourceId::App { app: app.name.clone(), setting: setting.to_owned() }
}

/// A block as attributes: its properties and children by name, its arguments as `of`.
pub(super) fn attributes(block: &Block) -> BTreeMap<String, Json> {
    let mut all: BTreeMap<String, Json> = BTreeMap::new();
    for child in &block.children {
        all.insert(child.name.value.clone(), child_value(child));
    }
    for (key, value) in &block.props {
        all.insert(key.value.clone(), attribute(&value.value));
    }
    if !block.args.is_empty() {
        let args = block.args.iter().map(|arg| attribute(&arg.value));
        all.insert("of".to_owned(), args.collect());
    }
    all
}

fn child_value(block: &Block) -> Json {
    match block.args.as_slice() {
        [only] if block.props.is_empty() && block.children.is_empty() => attribute(&only.value),
        _ => json!(attributes(block)),
    }
}

/// One value; of a secret only where it comes from.
pub(super) fn attribute(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Bool(truth) => json!(truth),
        Value::Integer(number) => json!(number),
        Value::Float(number) => json!(number),
        Value::Text(text) => json!(text),
        Value::Secret(source) => json!(source.to_string()),
        Value::Knob(name) => json!(format!("(knob){name}")),
    }
}
