//! The host each app is reached by, and whether its gateway lets it in.

use std::collections::BTreeMap;

use serde_json::Value;
use stackctl_lang::{Gateway, Stack};
use stackctl_model::{Finding, closest};

use super::builder::StackBuilder;
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
fn gateway_of<'a>(stack: &'a Stack, app: &ExpandedApp) -> Option<&'a Gateway> {
    match app.value("expose").get("gateway").and_then(Value::as_str) {
        Some(name) => stack.gateways.iter().find(|gateway| gateway.name.value == name),
        None => match stack.gateways.as_slice() {
            [only] => Some(only),
            _ => None,
        },
    }
}

/// An app whose host no door of its gateway takes would never be reached; two apps with one address
/// would fight for it.
pub(super) fn check(builder: &mut StackBuilder<'_>) {
    let mut taken: BTreeMap<(String, String, String), &ExpandedApp> = BTreeMap::new();
    for app in builder.apps {
        let Some(host) = host_of(builder.stack, app) else { continue };
        let Some(gateway) = gateway_of(builder.stack, app) else { continue };
        if !gateway.listeners.iter().any(|listener| takes(&listener.host.value, &host)) {
            builder.findings.push(no_door(app, &host, gateway));
        }
        let path = app.value("expose").get("path").and_then(Value::as_str).unwrap_or("/");
        let address = (gateway.name.value.clone(), host.clone(), path.to_owned());
        if let Some(first) = taken.get(&address) {
            let message =
                format!("apps {} and {} both answer at {host}{path}", first.name, app.name);
            builder.findings.push(
                Finding::error("host-taken", message, app.span_of_word("expose"))
                    .also(first.span_of_word("expose"), "the other one")
                    .help("Give one of them another `host=` or `path=`."),
            );
        } else {
            taken.insert(address, app);
        }
    }
}

/// Whether a door takes a host: `*.` stands for one name or more.
fn takes(door: &str, host: &str) -> bool {
    match door.strip_prefix('*') {
        Some(suffix) => host.len() > suffix.len() && host.ends_with(suffix),
        None => door == host,
    }
}

fn no_door(app: &ExpandedApp, host: &str, gateway: &Gateway) -> Finding {
    let message = format!(
        "no listener of gateway {} takes {host}, the host of app {}",
        gateway.name.value, app.name
    );
    let finding = Finding::error("no-listener", message, app.span_of_word("expose"))
        .also(gateway.span, "the gateway");
    let hosts = || gateway.listeners.iter().map(|listener| listener.host.value.as_str());
    if let Some(near) = closest(host, hosts()) {
        return finding.help(format!("Did you mean \"{near}\"?"));
    }
    let wide =
        host.split_once('.').map_or_else(|| host.to_owned(), |(_, rest)| format!("*.{rest}"));
    let said: Vec<&str> = hosts().collect();
    let has = if said.is_empty() { "none".to_owned() } else { said.join(", ") };
    finding.help(format!("It takes {has}. Add a line to it: `https \"{wide}\"`."))
}

#[cfg(test)]
mod tests {
    use super::takes;

    #[test]
    fn a_wildcard_takes_every_name_below_it_and_not_itself() {
        assert!(takes("*.lab.example.com", "tv.lab.example.com"));
        assert!(takes("*.lab.example.com", "a.b.lab.example.com"));
        assert!(!takes("*.lab.example.com", "lab.example.com"));
        assert!(!takes("*.lab.example.com", "tv.xlab.example.com"));
        assert!(takes("tv.example.com", "tv.example.com"));
        assert!(!takes("tv.example.com", "a.tv.example.com"));
    }
}
