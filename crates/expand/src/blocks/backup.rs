//! `backup` to a setting that names the classes it protects.

use serde_json::json;
use stackctl_model::ResourceId;

use super::attributes::shown;
use super::builder::StackBuilder;

pub(super) fn make(builder: &mut StackBuilder<'_>) {
    for backup in &builder.stack.backups {
        let name = &backup.name.value;
        let classes: Vec<&str> = builder
            .stack
            .storage_classes
            .iter()
            .filter(|class| class.backup.as_ref().is_some_and(|backup| &backup.value == name))
            .map(|class| class.name.value.as_str())
            .collect();
        let attributes = [
            ("schedule", shown(backup.schedule.as_ref())),
            ("keep", json!(backup.keep.as_ref().map(|keep| keep.value))),
            ("target", shown(backup.target.as_ref())),
            ("classes", json!(classes)),
        ];
        let id = ResourceId::Stack { kind: "backup".to_owned(), name: name.clone() };
        builder.setting(id, None, backup.span, attributes);
    }
}
