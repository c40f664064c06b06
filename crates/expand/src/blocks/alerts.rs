//! `alerts` to one setting per line.

use stackctl_model::ResourceId;

use super::attributes::attributes;
use super::builder::StackBuilder;

pub(super) fn make(builder: &mut StackBuilder<'_>) {
    for alert in &builder.stack.alerts {
        let id = ResourceId::Stack { kind: "alert".to_owned(), name: alert.name.value.clone() };
        builder.setting_of(id, None, alert.span, attributes(alert));
    }
}
