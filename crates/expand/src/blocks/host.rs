//! The host each app is reached by, and through which gateway.

use serde_json::Value;
use stackctl_lang::{Gateway, Stack};

use crate::expanded_app::ExpandedApp;

/// The host name of an app; none when it is not reached from outside.
pub(super) fn host_of(stack: &Stack, app: &ExpandedApp) -> Option<String> {
    let expose = app.value("expose");
    if !app.has("expose") {
        return None;
    }
    let own = expose.get("host").and_then(Value::as_str).map(str::to_owned);
    own.or_else(|| stack.domain.as_ref().map(|domain| format!("{}.{}", app.name, domain.value)))
}

/// The gateway of an app; the only one when it names none.
pub(super) fn gateway_of<'a>(stack: &'a Stack, app: &ExpandedApp) -> Option<&'a Gateway> {
    match app.value("expose").get("gateway").and_then(Value::as_str) {
        Some(name) => stack.gateways.iter().find(|gateway| gateway.name.value == name),
        None => match stack.gateways.as_slice() {
            [only] => Some(only),
            _ => None,
        },
    }
}
