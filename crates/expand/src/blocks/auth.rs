//! `auth` and the `sso` of apps to objects of Authentik.

use serde_json::{Value, json};
use stackctl_model::{Finding, ResourceId};

use super::builder::StackBuilder;
use super::host::host_of;
use crate::expanded_app::ExpandedApp;

pub(super) fn make(builder: &mut StackBuilder<'_>) {
    for group in builder.stack.auth.iter().flat_map(|auth| &auth.groups) {
        let attributes = [("name", json!(group.value))];
        builder.setting(authentik("group", &group.value), None, group.span, attributes);
    }
    for app in builder.apps {
        let Some(way) = mode(app) else { continue };
        if builder.stack.auth.is_none() {
            builder.findings.push(no_auth(app));
            continue;
        }
        let span = app.span_of_word("sso");
        let url = host_of(builder.stack, app).map(|host| format!("https://{host}"));
        let provider = [("mode", json!(way)), ("url", json!(url))];
        builder.setting(authentik("provider", &app.name), Some(&app.name), span, provider);
        let application =
            [("provider", json!(app.name)), ("url", json!(url)), ("groups", groups(app))];
        builder.setting(authentik("application", &app.name), Some(&app.name), span, application);
    }
}

fn authentik(kind: &str, name: &str) -> ResourceId {
    ResourceId::Authentik { kind: kind.to_owned(), name: name.to_owned() }
}

/// `proxy` or `oidc`; none when the app has no single sign-on.
pub(super) fn mode(app: &ExpandedApp) -> Option<&str> {
    app.said("sso").last()?.args.first()?.value.as_text()
}

fn groups(app: &ExpandedApp) -> Value {
    let said =
        app.said("sso").last().map_or(&[][..], |block| block.args.get(1..).unwrap_or_default());
    said.iter().filter_map(|arg| arg.value.as_text()).collect()
}

fn no_auth(app: &ExpandedApp) -> Finding {
    let message = format!("app {} wants single sign-on, but the stack declares none", app.name);
    Finding::error("no-auth", message, app.span_of_word("sso")).help(
        "Declare it: `auth authentik url=\"https://auth.example.com\" token=(env)AUTHENTIK_TOKEN`.",
    )
}
