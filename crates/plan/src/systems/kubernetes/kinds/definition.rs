//! What others' objects are in or made of: namespaces, and the definitions of kinds.

use serde_json::Value;
use stackctl_model::Risk;

use super::readiness::{Readiness, ReadinessContext, conditions};
use super::rules::{Data, Holding, Immutable, KindRules, Prefix, Removal, ReplaceRule, Waiting};

pub(super) const KINDS: &[KindRules] = &[
    KindRules {
        data: Data::Always(Holding::ThingsOfOthers),
        removal: Removal::Namespace,
        ..KindRules::plain("", "Namespace")
    },
    KindRules {
        data: Data::Always(Holding::ThingsOfOthers),
        removal: Removal::Definition,
        immutable: Immutable::fields(&[
            Prefix(&["spec", "scope"]),
            Prefix(&["spec", "names", "kind"]),
            Prefix(&["spec", "names", "plural"]),
        ]),
        replacement: ReplaceRule::always(Risk::Data, "deleted with all its objects and made anew"),
        readiness: Waiting::until(definition),
        ..KindRules::plain("apiextensions.k8s.io", "CustomResourceDefinition")
    },
    KindRules::plain("apiregistration.k8s.io", "APIService"),
];

fn definition(definition: &Value, _: ReadinessContext) -> Readiness {
    conditions(&Value::Null, &definition["status"]["conditions"], &["Established"])
}
