//! Settings inside apps, which they get through their own APIs: one for each line whose knob is declared so.

use serde_json::json;
use stackctl_model::ResourceId;

use super::attributes::attributes;
use super::builder::StackBuilder;
use crate::expanded_app::ExpandedApp;

pub(super) fn make(builder: &mut StackBuilder<'_>) {
    for app in builder.apps {
        for line in &app.effects.settings {
            let mut all = attributes(&line.block);
            if let Some(other) = &line.other {
                all.remove("of");
                all.insert("host".to_owned(), json!(other));
                if let Some(port) = builder.app(other).and_then(ExpandedApp::port) {
                    all.insert("port".to_owned(), json!(port));
                }
            }
            let id = ResourceId::App { app: app.name.clone(), setting: line.setting.clone() };
            builder.setting_of(id, Some(&app.name), line.block.span, all);
        }
    }
}
