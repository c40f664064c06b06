//! `alerts` to one setting per line.

use stackctl_model::ResourceId;

use super::made::Made;
use super::wiring::attributes;

pub(super) fn make(made: &mut Made<'_>) {
    for alert in &made.stack.alerts {
        let id = ResourceId::Stack { kind: "alert".to_owned(), name: alert.name.value.clone() };
        made.setting_of(id, None, alert.span, attributes(alert));
    }
}
