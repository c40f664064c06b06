//! Who may do what: roles and their bindings.

use super::rules::{Immutable, KindRules, Prefix};

const RBAC: &str = "rbac.authorization.k8s.io";

pub(super) const KINDS: &[KindRules] = &[
    KindRules::plain(RBAC, "Role"),
    KindRules::plain(RBAC, "ClusterRole"),
    binds("RoleBinding"),
    binds("ClusterRoleBinding"),
];

/// A binding is to one role, so that who may change bindings cannot hand out others.
const fn binds(kind: &'static str) -> KindRules {
    KindRules {
        immutable: Immutable::fields(&[Prefix(&["roleRef"])]),
        ..KindRules::plain(RBAC, kind)
    }
}
