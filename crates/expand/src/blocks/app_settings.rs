//! Settings inside apps, which they get through their own APIs: one for each app that a line names.

use serde_json::json;
use stackctl_lang::Block;
use stackctl_model::ResourceId;

use super::attributes::attributes;
use super::builder::StackBuilder;
use crate::expanded_app::ExpandedApp;

/// Lines whose arguments are apps, and what each of these is called inside the app that has the line.
const SETTINGS: [(&str, &str); 3] =
    [("download", "download-client"), ("indexes", "application"), ("subtitles", "subtitles")];

pub(super) fn make(builder: &mut StackBuilder<'_>) {
    for app in builder.apps {
        for (word, setting) in SETTINGS {
            for block in app.said(word) {
                add_settings(builder, app, setting, block);
            }
        }
        for block in app.said("database") {
            let id = setting_id(app, "database/upkeep");
            builder.setting_of(id, Some(&app.name), block.span, attributes(block));
        }
    }
}

fn add_settings(builder: &mut StackBuilder<'_>, app: &ExpandedApp, setting: &str, block: &Block) {
    for other in block.args.iter().filter_map(|arg| arg.value.as_text()) {
        let mut setting_attributes = attributes(block);
        setting_attributes.remove("of");
        let port = builder.app(other).and_then(ExpandedApp::port);
        setting_attributes.insert("host".to_owned(), json!(other));
        if let Some(port) = port {
            setting_attributes.insert("port".to_owned(), json!(port));
        }
        let id = setting_id(app, &format!("{setting}/{other}"));
        builder.setting_of(id, Some(&app.name), block.span, setting_attributes);
    }
}

fn setting_id(app: &ExpandedApp, setting: &str) -> ResourceId {
    ResourceId::App { app: app.name.clone(), setting: setting.to_owned() }
}
