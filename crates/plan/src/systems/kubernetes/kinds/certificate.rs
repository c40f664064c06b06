//! cert-manager: certificates and who issues them. Issued keys are in Secrets, which stay.

use serde_json::Value;

use super::readiness::{Readiness, ReadinessContext, conditions};
use super::rules::{KindRules, Waiting};

const CERT_MANAGER: &str = "cert-manager.io";

pub(super) const KINDS: &[KindRules] = &[
    KindRules {
        readiness: Waiting::until(certificate),
        ..KindRules::plain(CERT_MANAGER, "Certificate")
    },
    KindRules::plain(CERT_MANAGER, "Issuer"),
    KindRules::plain(CERT_MANAGER, "ClusterIssuer"),
];

/// A certificate that is issued is of use also while a changed one is being issued.
fn certificate(certificate: &Value, _: ReadinessContext) -> Readiness {
    conditions(&Value::Null, &certificate["status"]["conditions"], &["Ready"])
}
