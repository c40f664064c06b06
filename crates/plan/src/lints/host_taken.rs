//! Two apps with one address.

use std::collections::BTreeMap;

use stackctl_model::{Declared, Exposure, Finding, Severity};

use super::lint::{Check, Doc, Lint};

pub(super) const LINT: Lint = Lint {
    code: "host-taken",
    severity: Severity::Error,
    check: Check::Stack(check),
    doc: Doc {
        wrong: "Two apps answer at the same host and path of one gateway.",
        why: "The gateway sends each request to one of them, and which one is not for the stack to say.",
        example: "app sonarr { expose host=\"tv.lab.example.com\"; }\napp radarr { expose host=\"tv.lab.example.com\"; }",
        mend: "Give one of them another `host=` or `path=`.",
        source: "",
    },
};

fn check(declared: &Declared) -> Vec<Finding> {
    let mut taken: BTreeMap<(&str, &str, &str), &Exposure> = BTreeMap::new();
    let mut findings = Vec::new();
    for exposure in &declared.exposures {
        let address = (exposure.gateway.as_str(), exposure.host.as_str(), exposure.path.as_str());
        if let Some(first) = taken.get(&address) {
            let Exposure { host, path, .. } = exposure;
            let message =
                format!("apps {} and {} both answer at {host}{path}", first.app, exposure.app);
            findings.push(
                Finding::error(LINT.code, message, &exposure.at)
                    .also(&first.at, "the other one")
                    .help("Give one of them another `host=` or `path=`."),
            );
        } else {
            taken.insert(address, exposure);
        }
    }
    findings
}
