//! `backup` to a setting that names the classes it protects.

use serde_json::json;
use stackctl_model::ResourceId;

use super::attributes::attribute;
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
        let prop = |key: &str| backup.block.prop(key).map_or(json!(null), |p| attribute(&p.value));
        let schedule = backup.block.args.get(1).map_or(json!(null), |arg| attribute(&arg.value));
        let attributes = [
            ("schedule", schedule),
            ("keep", prop("keep")),
            ("target", prop("target")),
            ("classes", json!(classes)),
        ];
        let id = ResourceId::Stack { kind: "backup".to_owned(), name: name.clone() };
        builder.setting(id, None, backup.block.span, attributes);
    }
}
