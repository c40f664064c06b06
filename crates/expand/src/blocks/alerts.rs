//! `alerts` to one setting per line.

use serde_json::json;
use stackctl_model::ResourceId;

use super::attributes::shown;
use super::builder::StackBuilder;

pub(super) fn make(builder: &mut StackBuilder<'_>) {
    let alerts = &builder.stack.alerts;
    if let Some(storage) = &alerts.storage {
        let attributes = [
            ("warning", shown(storage.warning.as_ref())),
            ("critical", shown(storage.critical.as_ref())),
        ];
        builder.setting(alert("storage"), None, storage.span, attributes);
    }
    if let Some(transcoding) = &alerts.transcoding {
        let queue = transcoding.queue.as_ref().map(|queue| queue.value);
        let attributes =
            [("queue", json!(queue)), ("duration", shown(transcoding.duration.as_ref()))];
        builder.setting(alert("transcoding"), None, transcoding.span, attributes);
    }
}

fn alert(name: &str) -> ResourceId {
    ResourceId::Stack { kind: "alert".to_owned(), name: name.to_owned() }
}
