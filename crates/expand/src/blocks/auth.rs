//! `auth` and the `sso` of apps to objects of Authentik.

use serde_json::{Value, json};
use stackctl_model::{Finding, ResourceId};

use super::host::host_of;
use super::made::Made;
use crate::ExpandedApp;

pub(super) fn make(made: &mut Made<'_>) {
    for group in made.stack.auth.iter().flat_map(|auth| &auth.groups) {
        let attributes = [("name", json!(group.value))];
        made.setting(authentik("group", &group.value), None, group.span, attributes);
    }
    for app in made.apps {
        let Some(way) = mode(app) else { continue };
        if made.stack.auth.is_none() {
            made.findings.push(no_auth(app));
            continue;
        }
        let span = app.place_of("sso");
        let url = host_of(made.stack, app).map(|host| format!("https://{host}"));
        let provider = [("mode", json!(way)), ("url", json!(url))];
        made.setting(authentik("provider", &app.name), Some(&app.name), span, provider);
        let application =
            [("provider", json!(app.name)), ("url", json!(url)), ("groups", groups(app))];
        made.setting(authentik("application", &app.name), Some(&app.name), span, application);
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
    Finding::error("no-auth", message, app.place_of("sso")).help(
        "Declare it: `auth authentik url=\"https://auth.example.com\" token=(env)AUTHENTIK_TOKEN`.",
    )
}
