//! What ssh says, in plain words.

use std::error::Error as _;

/// Why a machine cannot be reached, and what to do.
pub(crate) fn unreachable(destination: &str, error: &openssh::Error) -> String {
    let said = error.source().map_or_else(|| error.to_string(), ToString::to_string);
    plain(destination, &said)
}

fn plain(destination: &str, said: &str) -> String {
    let host = destination.rsplit('@').next().unwrap_or(destination);
    let has = |words: &str| said.contains(words);
    if has("IDENTIFICATION HAS CHANGED") {
        return format!(
            "{host} shows another host key than the one in known_hosts: the machine was installed anew, or \
             another one answers in its place; nothing was asked of it. If you know why, ssh-keygen -R {host} \
             and log in once with ssh"
        );
    }
    if has("Host key verification failed") || has("host key is known") {
        return format!(
            "the host key of {host} is not in known_hosts: log in once with ssh {destination}, and compare it"
        );
    }
    if has("Permission denied") {
        return format!(
            "{host} lets nobody in with the keys that ssh offers for {destination}: try ssh {destination}"
        );
    }
    if has("Could not resolve") {
        return format!("no address is known for the name {host}");
    }
    for (words, plain) in [
        ("Connection refused", "nothing listens there for ssh"),
        ("timed out", "it does not answer: is it on?"),
        ("No route to host", "there is no way to it: is it on?"),
        ("Network is unreachable", "there is no way to its network from here"),
    ] {
        if has(words) {
            return format!("{destination}: {plain} ({words})");
        }
    }
    let last = said.lines().map(str::trim).rfind(|line| !line.is_empty()).unwrap_or("ssh failed");
    format!("{destination}: {last}")
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn each_cause_has_its_words() {
        let cases = [
            (
                "@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @\nHost key verification failed.",
                "another host key",
            ),
            (
                "No ED25519 host key is known for nuc and you have requested strict checking.",
                "not in known_hosts",
            ),
            ("ops@nuc: Permission denied (publickey).", "lets nobody in"),
            ("Could not resolve hostname nuc: Name or service not known", "no address"),
            ("connect to host nuc port 22: Connection refused", "nothing listens"),
            ("connect to host nuc port 22: Connection timed out", "is it on?"),
            ("kex_exchange_identification: read: Connection reset by peer\n", "Connection reset"),
        ];
        for (said, words) in cases {
            let plain = plain("ops@nuc", said);
            assert!(plain.contains(words) && plain.contains("nuc"), "{plain}");
        }
    }
}
