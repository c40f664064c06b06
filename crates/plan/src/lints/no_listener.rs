//! An app whose gateway does not let it in.

use stackctl_model::{Declared, DeclaredGateway, Exposure, Finding, Severity, closest};

use super::lint::{Check, Doc, Lint};

pub(super) const LINT: Lint = Lint {
    code: "no-listener",
    severity: Severity::Error,
    check: Check::Stack(check),
    doc: Doc {
        wrong: "No listener of the gateway takes the host of an app.",
        why: "The app would be there and never be reached.",
        example: "gateway external class=cilium { https \"*.lab.example.com\"; }\napp sonarr { expose host=\"tv.example.com\"; }",
        mend: "Add a listener for that host to the gateway, or give the app a host it takes.",
        source: "",
    },
};

fn check(declared: &Declared) -> Vec<Finding> {
    let not_let_in = |exposure: &Exposure| {
        let gateway = declared.gateways.iter().find(|one| one.name == exposure.gateway)?;
        let is_let_in = gateway.hosts.iter().any(|listener| takes(listener, &exposure.host));
        (!is_let_in).then(|| finding(exposure, gateway))
    };
    declared.exposures.iter().filter_map(not_let_in).collect()
}

/// Whether a listener takes a host: `*.` stands for one name or more.
fn takes(listener: &str, host: &str) -> bool {
    match listener.strip_prefix('*') {
        Some(suffix) => host.len() > suffix.len() && host.ends_with(suffix),
        None => listener == host,
    }
}

fn finding(exposure: &Exposure, gateway: &DeclaredGateway) -> Finding {
    let host = exposure.host.as_str();
    let message = format!(
        "no listener of gateway {} takes {host}, the host of app {}",
        gateway.name, exposure.app
    );
    let finding = Finding::error(LINT.code, message, &exposure.at).also(&gateway.at, "the gateway");
    let hosts = || gateway.hosts.iter().map(String::as_str);
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
