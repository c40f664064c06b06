//! Which names the API server takes.

use stackctl_model::ObjectId;

/// Why the server would not take an object's name; none when it would.
pub(crate) fn refusal(id: &ObjectId) -> Option<String> {
    let name = id.name.as_str();
    let rule = if id.group == "rbac.authorization.k8s.io" {
        let is_taken =
            !name.is_empty() && name != "." && name != ".." && !name.contains(['/', '%']);
        (!is_taken).then_some("must be neither empty nor a dot, and hold neither / nor %")
    } else if id.group.is_empty() && matches!(id.kind.as_str(), "Namespace" | "Service") {
        let is_taken = name.len() <= 63 && is_label(name);
        (!is_taken).then_some("must be small letters, digits and -, at most 63")
    } else {
        let is_taken = name.len() <= 253 && name.split('.').all(is_label);
        (!is_taken).then_some("must be small letters, digits, - and ., at most 253")
    };
    rule.map(|rule| format!("metadata.name: {name:?} is no name for a {}: it {rule}", id.kind))
}

/// Small letters and digits, with `-` between them.
fn is_label(text: &str) -> bool {
    let is_plain = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let bytes = text.as_bytes();
    bytes.first().is_some_and(is_plain)
        && bytes.last().is_some_and(is_plain)
        && bytes.iter().all(|byte| is_plain(byte) || *byte == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_taken(group: &str, kind: &str, name: &str) -> bool {
        let id =
            ObjectId { kind: kind.into(), group: group.into(), namespace: None, name: name.into() };
        refusal(&id).is_none()
    }

    #[test]
    fn names_are_taken_as_the_server_takes_them() {
        assert!(is_taken("", "ConfigMap", "kube-root-ca.crt"));
        assert!(is_taken("apps", "Deployment", "0a"));
        assert!(is_taken("rbac.authorization.k8s.io", "ClusterRole", "system:Node"));
        assert!(!is_taken("rbac.authorization.k8s.io", "ClusterRole", "a/b"));
        assert!(!is_taken("", "Service", "a.b"));
        for name in ["", "Bad", "a_b", "-a", "a-", "a..b", "ä", &"a".repeat(254)] {
            assert!(!is_taken("", "ConfigMap", name), "{name}");
        }
    }
}
