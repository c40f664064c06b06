//! Addresses, networks, hosts, URLs, places to log in to.

use std::net::IpAddr;

use http::Uri;
use ipnet::IpNet;

use super::text::is_label;
use super::wrong::Wrong;

pub(super) fn ip(text: &str) -> Result<(), Wrong> {
    if text.parse::<IpAddr>().is_ok() {
        return Ok(());
    }
    let help = "Addresses read like 10.0.0.40 or fd00::40.";
    Err(Wrong::new("bad-address", format!("{text:?} is no IP address"), help))
}

pub(super) fn cidr(text: &str) -> Result<(), Wrong> {
    let help = "Networks read like 10.0.0.0/8 or fd00::/8.";
    let wrong = || Wrong::new("bad-cidr", format!("{text:?} is no network"), help);
    let Some((address, length)) = text.split_once('/') else {
        return Err(match text.parse::<IpAddr>() {
            Ok(address) => wrong().meant(&format!("{text}/{}", IpNet::from(address).prefix_len())),
            Err(_) => wrong(),
        });
    };
    let address: IpAddr = address.parse().map_err(|_| wrong())?;
    let is_plain =
        length.bytes().all(|b| b.is_ascii_digit()) && (length == "0" || !length.starts_with('0'));
    let length: u32 = length.parse().ok().filter(|_| is_plain).ok_or_else(wrong)?;
    let Some(network) =
        u8::try_from(length).ok().and_then(|length| IpNet::new(address, length).ok())
    else {
        let problem = format!("/{length} is longer than an address");
        let most = IpNet::from(address).max_prefix_len();
        return Err(Wrong::new("bad-cidr", problem, format!("At most /{most}.")));
    };
    let first = network.trunc();
    if network == first {
        return Ok(());
    }
    let problem = format!("{text:?} has bits beyond its length");
    Err(Wrong::new("bad-cidr", problem, help).meant(&first.to_string()))
}

pub(super) fn host(text: &str) -> Result<(), Wrong> {
    let help = "Host names read like tv.example.com or *.example.com, in lower case.";
    let wrong = Wrong::new("bad-host", format!("{text:?} is no host name"), help);
    if is_host(text) {
        return Ok(());
    }
    let bare = text.split_once("://").map_or(text, |(_, rest)| rest);
    let bare = bare.split(['/', ':']).next().unwrap_or_default().to_lowercase();
    Err(if is_host(&bare) { wrong.meant(&bare) } else { wrong })
}

fn is_host(text: &str) -> bool {
    let name = text.strip_prefix("*.").unwrap_or(text);
    name.len() <= 253 && name.split('.').all(is_label)
}

pub(super) fn url(text: &str) -> Result<(), Wrong> {
    let help = "URLs read like https://auth.example.com or nfs://10.0.0.20/export.";
    let wrong = Wrong::new("bad-url", format!("{text:?} is no URL"), help);
    let Some((scheme, _)) = text.split_once("://") else {
        let host = text.split('/').next().unwrap_or_default();
        let has_letters = host.contains(|c: char| c.is_ascii_alphabetic());
        let is_bare = has_letters
            && host.contains('.')
            && is_host(host)
            && !text.contains(char::is_whitespace);
        return Err(if is_bare { wrong.meant(&format!("https://{text}")) } else { wrong });
    };
    let is_scheme = scheme.starts_with(|c: char| c.is_ascii_lowercase())
        && !scheme.contains(|c: char| c.is_ascii_uppercase());
    // The parser passes over white space and control characters outside ASCII.
    let is_plain = !text.contains(|c: char| c.is_whitespace() || c.is_control());
    if is_scheme && is_plain && host_of_url(text).is_some() { Ok(()) } else { Err(wrong) }
}

/// The host in a URL, without user and port; an IPv6 address keeps its brackets.
pub(super) fn host_of_url(url: &str) -> Option<String> {
    let host = url.parse::<Uri>().ok()?.host()?.to_owned();
    (!host.is_empty()).then_some(host)
}

pub(super) fn ssh_target(text: &str) -> Result<(), Wrong> {
    let (user, host) =
        text.rsplit_once('@').map_or((None, text), |(user, host)| (Some(user), host));
    let plain = |text: &str| {
        !text.is_empty()
            && !text.starts_with('-')
            && text.chars().all(|c| c.is_ascii_alphanumeric() || ".-_:[]".contains(c))
    };
    if plain(host) && user.is_none_or(plain) {
        return Ok(());
    }
    let help = "Write user@host, or a Host of your ssh configuration.";
    Err(Wrong::new("bad-ssh", format!("{text:?} is no place to log in to"), help))
}

#[cfg(test)]
mod tests {
    use super::{cidr, host, host_of_url, ip, ssh_target, url};

    #[test]
    fn networks_have_no_bits_beyond_their_length() {
        for good in ["0.0.0.0/0", "10.0.0.0/8", "10.1.2.3/32", "fd00::/8", "::/0"] {
            assert!(cidr(good).is_ok(), "{good}");
        }
        for (bad, meant) in [
            ("10.0.0.1/8", Some("\"10.0.0.0/8\"")),
            ("10.0.0.1", Some("\"10.0.0.1/32\"")),
            ("010.0.0.0/8", None),
            ("10.0.0.0/33", None),
            ("10.0.0.0/08", None),
            ("10.0.0/8", None),
            ("", None),
        ] {
            assert_eq!(cidr(bad).unwrap_err().meant.as_deref(), meant, "{bad}");
        }
    }

    #[test]
    fn hosts_urls_addresses_and_logins() {
        assert!(host("*.lab.example.com").is_ok());
        assert_eq!(
            host("https://TV.example.com/x").unwrap_err().meant.as_deref(),
            Some("tv.example.com")
        );
        assert!(host("a..b").is_err() && host("").is_err());
        assert!(url("https://auth.lab.example.com").is_ok());
        assert!(url("nfs://10.0.0.20:/export/backup").is_ok());
        assert_eq!(
            url("auth.example.com").unwrap_err().meant.as_deref(),
            Some("\"https://auth.example.com\"")
        );
        assert!(url("https://").is_err() && url("https://a b").is_err());
        assert!(url("https://:80/").is_err() && url("nfs:///export").is_err());
        assert_eq!(host_of_url("https://me@[fd00::1]:8443/x").as_deref(), Some("[fd00::1]"));
        assert!(ip("10.0.0.40").is_ok() && ip("10.0.0.400").is_err());
        assert!(ssh_target("ops@10.0.0.11").is_ok() && ssh_target("nas").is_ok());
        assert!(ssh_target("-oProxyCommand=x").is_err() && ssh_target("a b").is_err());
        assert!(ssh_target("@host").is_err() && ssh_target("ops@-x").is_err());
    }
}
